//! The system's allocator, which counts if it is told to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

static COUNTS: AtomicBool = AtomicBool::new(false);
static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static FREED: AtomicU64 = AtomicU64::new(0);

/// To be the global allocator of a program.
pub struct Counting;

// SAFETY: the system's allocator does all the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        freed(layout.size());
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        freed(layout.size());
        taken(size);
        unsafe { System.realloc(memory, layout, size) }
    }
}

fn taken(size: usize) {
    if COUNTS.load(Relaxed) {
        CALLS.fetch_add(1, Relaxed);
        BYTES.fetch_add(size as u64, Relaxed);
    }
}

fn freed(size: usize) {
    if COUNTS.load(Relaxed) {
        FREED.fetch_add(size as u64, Relaxed);
    }
}

/// Counts from now on.
pub(super) fn count() {
    COUNTS.store(true, Relaxed);
}

/// What was counted, for a line.
pub(super) fn so_far() -> String {
    if !COUNTS.load(Relaxed) {
        return String::new();
    }
    let bytes = BYTES.load(Relaxed);
    // What was there before counting began may have been freed since.
    let heap = bytes.saturating_sub(FREED.load(Relaxed));
    format!(" allocations {} allocated {bytes} heap {heap}", CALLS.load(Relaxed))
}
