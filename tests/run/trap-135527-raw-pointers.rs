//! Reviews of rust-lang/rust #135527 and Miri's test of #62958 (`move-data-across-await-point`): a
//! raw pointer to a variable may write to it again when it has been moved into a future. Where a
//! variable, an argument, a capture and a local of the future would become one place, the writer
//! would hit the value that was moved. What has a raw pointer to it keeps its place.
//@ edition: 2024
//@ run-pass

mod support;
use std::ptr::{self, NonNull};
use support::tasks::*;
use support::*;

async fn writes_back(mut data: Vec<u8>, place: *mut Vec<u8>) -> Vec<u8> {
    data.push(1);
    // The caller's variable has been moved out of: this fills it again.
    unsafe { ptr::write(place, vec![3]) };
    data.push(2);
    wait().await;
    data
}

async fn variable() {
    let mut data = vec![0];
    let place = &mut data as *mut Vec<u8>;
    let result = writes_back(data, place).await;
    // Never moved as far as the pointer knows: it was filled again.
    unsafe { println!("variable {result:?} {:?}", ptr::read(place)) };
}

/// The same with a parameter, and with a capture.
async fn parameter(mut data: Vec<u8>) {
    let place = NonNull::from(&mut data).as_ptr();
    wait().await;
    let moved = data;
    unsafe { ptr::write(place, vec![4]) };
    wait().await;
    unsafe { println!("parameter {moved:?} {:?}", ptr::read(place)) };
}

fn capture(mut data: Vec<u8>) -> impl Future<Output = ()> {
    async move {
        let place = ptr::from_mut(&mut data);
        let moved = data;
        wait().await;
        unsafe { ptr::write(place, vec![5]) };
        let again = moved;
        wait().await;
        unsafe { println!("capture {again:?} {:?}", ptr::read(place)) };
    }
}

/// Without a destructor, of which copies are made.
async fn copies(mut filled: Filled<30>) -> u64 {
    let place = &raw mut filled;
    let moved = filled;
    unsafe { (*place).refill(8) };
    let future = async move {
        wait().await;
        moved.sum()
    };
    wait().await;
    unsafe { (*place).refill(9) };
    let first = unsafe { (*place).sum() };
    first ^ future.await
}

async fn pattern((mut left, right): (Vec<u8>, Filled<10>)) {
    let place = &raw mut left;
    wait().await;
    let moved = (right, left);
    unsafe { ptr::write(place, vec![6]) };
    wait().await;
    unsafe { println!("pattern {:x} {:?} {:?}", moved.0.sum(), moved.1, ptr::read(place)) };
}

/// A future that a pointer leads to, before it is awaited.
async fn awaited(filled: Filled<10>) -> u64 {
    let mut future = inner(filled);
    let place = &mut future as *mut _;
    let moved = future;
    unsafe { ptr::write(place, inner(Filled::new(77))) };
    let first = moved.await;
    wait().await;
    first ^ unsafe { ptr::read(place) }.await
}

async fn inner(filled: Filled<10>) -> u64 {
    wait().await;
    filled.sum()
}

fn main() {
    block_on(variable());
    block_on(parameter(vec![0, 1]));
    block_on(capture(vec![0, 2]));
    println!("{:x}", block_on(copies(Filled::new(1))));
    block_on(pattern((vec![0, 3], Filled::new(2))));
    println!("{:x}", block_on(awaited(Filled::new(3))));
}
