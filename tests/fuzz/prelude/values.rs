// ---- the trace: what happens, in order; any of it may panic

thread_local! {
    pub static TRACE: RefCell<Vec<(&'static str, u64)>> = const { RefCell::new(Vec::new()) };
    pub static EVENTS: Cell<u32> = const { Cell::new(0) };
    pub static PANIC_AT: Cell<u32> = const { Cell::new(0) };
    pub static ALIVE: Cell<i64> = const { Cell::new(0) };
}

#[inline(never)]
pub fn note(what: &'static str, value: u64) {
    TRACE.with(|trace| trace.borrow_mut().push((what, value)));
}

/// Something that can be seen from outside. The one with the number `PANIC_AT` panics.
#[inline(never)]
pub fn event(what: &'static str, value: u64) {
    note(what, value);
    let number = EVENTS.get() + 1;
    EVENTS.set(number);
    if number == PANIC_AT.get() && !std::thread::panicking() {
        panic!("event {number}");
    }
}

// ---- values: each knows what its bytes should be

pub trait Value {
    fn make(id: u8) -> Self;
    /// What it is worth now; an error if its bytes do not belong together.
    fn show(&self) -> u64;
    fn change(&mut self);
}

impl Value for () {
    fn make(_: u8) {}
    fn show(&self) -> u64 {
        2
    }
    fn change(&mut self) {}
}

impl Value for u8 {
    fn make(id: u8) -> u8 {
        id
    }
    fn show(&self) -> u64 {
        *self as u64
    }
    fn change(&mut self) {
        *self = self.wrapping_add(1)
    }
}

impl Value for u64 {
    fn make(id: u8) -> u64 {
        id as u64 * 3
    }
    fn show(&self) -> u64 {
        *self
    }
    fn change(&mut self) {
        *self = self.wrapping_add(1)
    }
}

pub const fn bytes<const N: usize>(id: u8) -> [u8; N] {
    let mut bytes = [id; N];
    let mut i = 1;
    while i < N {
        bytes[i] = bytes[i - 1].wrapping_add(1);
        i += 1;
    }
    bytes
}

#[inline(never)]
pub fn show_bytes<const N: usize>(bytes: &[u8; N]) -> u64 {
    let broken = (0..N).any(|i| bytes[i] != bytes[0].wrapping_add(i as u8));
    if broken { 999_999 } else { bytes.first().map_or(7, |&byte| byte as u64) }
}

pub fn change_bytes<const N: usize>(bytes: &mut [u8; N]) {
    bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_add(3));
}

macro_rules! bytes_value {
    ($name:ident) => {
        impl<const N: usize> Value for $name<N> {
            fn make(id: u8) -> Self {
                $name(bytes(id))
            }
            fn show(&self) -> u64 {
                show_bytes(&self.0)
            }
            fn change(&mut self) {
                change_bytes(&mut self.0)
            }
        }
    };
}

/// Copied freely.
#[derive(Clone, Copy)]
pub struct Copied<const N: usize>(pub [u8; N]);
bytes_value!(Copied);

/// Moved, but without a destructor.
#[derive(Clone)]
pub struct Plain<const N: usize>(pub [u8; N]);
bytes_value!(Plain);

/// With a destructor, inline.
pub struct Noisy<const N: usize>(pub [u8; N]);
impl<const N: usize> Drop for Noisy<N> {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
        event("drop noisy", show_bytes(&self.0));
    }
}
impl<const N: usize> Clone for Noisy<N> {
    fn clone(&self) -> Self {
        event("clone noisy", show_bytes(&self.0));
        ALIVE.set(ALIVE.get() + 1);
        Noisy(self.0)
    }
}
impl<const N: usize> Value for Noisy<N> {
    fn make(id: u8) -> Self {
        event("make noisy", id as u64);
        ALIVE.set(ALIVE.get() + 1);
        Noisy(bytes(id))
    }
    fn show(&self) -> u64 {
        show_bytes(&self.0)
    }
    fn change(&mut self) {
        change_bytes(&mut self.0)
    }
}

/// With a destructor and memory of its own: dropped twice, it is freed twice.
pub struct Loud(pub Box<u64>, pub u8);
impl Drop for Loud {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
        event("drop loud", *self.0);
    }
}
impl Clone for Loud {
    fn clone(&self) -> Self {
        event("clone loud", *self.0);
        ALIVE.set(ALIVE.get() + 1);
        Loud(self.0.clone(), self.1)
    }
}
impl Value for Loud {
    fn make(id: u8) -> Self {
        event("make loud", id as u64);
        ALIVE.set(ALIVE.get() + 1);
        Loud(Box::new(id as u64), id)
    }
    fn show(&self) -> u64 {
        if self.1 as u64 == *self.0 { *self.0 } else { 888_888 }
    }
    fn change(&mut self) {
        self.1 = self.1.wrapping_add(1);
        *self.0 = self.1 as u64;
    }
}

/// No bytes at all, but a destructor.
pub struct Nothing;
impl Drop for Nothing {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
        event("drop nothing", 0);
    }
}
impl Clone for Nothing {
    fn clone(&self) -> Self {
        event("clone nothing", 0);
        ALIVE.set(ALIVE.get() + 1);
        Nothing
    }
}
impl Value for Nothing {
    fn make(id: u8) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Nothing
    }
    fn show(&self) -> u64 {
        1
    }
    fn change(&mut self) {}
}

#[repr(align(32))]
#[derive(Clone, Copy)]
pub struct Aligned(pub u8);
impl Value for Aligned {
    fn make(id: u8) -> Self {
        Aligned(id)
    }
    fn show(&self) -> u64 {
        if &raw const *self as usize % 32 == 0 { self.0 as u64 } else { 777_777 }
    }
    fn change(&mut self) {
        self.0 = self.0.wrapping_add(1);
    }
}

impl<X: Value, Y: Value> Value for (X, Y) {
    fn make(id: u8) -> Self {
        (X::make(id), Y::make(id.wrapping_add(1)))
    }
    fn show(&self) -> u64 {
        self.0.show() * 3 + self.1.show()
    }
    fn change(&mut self) {
        self.0.change();
        self.1.change();
    }
}

#[derive(Clone)]
pub struct Pair<X, Y> {
    pub x: X,
    pub y: Y,
}
impl<X: Value, Y: Value> Value for Pair<X, Y> {
    fn make(id: u8) -> Self {
        Pair { x: X::make(id), y: Y::make(id.wrapping_add(1)) }
    }
    fn show(&self) -> u64 {
        self.x.show() * 5 + self.y.show()
    }
    fn change(&mut self) {
        self.x.change();
        self.y.change();
    }
}

#[derive(Clone)]
pub struct Wrap<X>(pub X);
impl<X: Value> Value for Wrap<X> {
    fn make(id: u8) -> Self {
        Wrap(X::make(id))
    }
    fn show(&self) -> u64 {
        self.0.show() + 1
    }
    fn change(&mut self) {
        self.0.change()
    }
}

impl<X: Value> Value for [X; 2] {
    fn make(id: u8) -> Self {
        [X::make(id), X::make(id.wrapping_add(1))]
    }
    fn show(&self) -> u64 {
        self[0].show() * 9 + self[1].show()
    }
    fn change(&mut self) {
        self[0].change();
        self[1].change();
    }
}

/// A destructor that looks at what is inside.
#[derive(Clone)]
pub struct Guard<X: Value> {
    pub inner: X,
    pub number: u8,
}
impl<X: Value> Drop for Guard<X> {
    fn drop(&mut self) {
        event("drop guard", self.inner.show() * 7 + self.number as u64)
    }
}
impl<X: Value> Value for Guard<X> {
    fn make(id: u8) -> Self {
        Guard { inner: X::make(id), number: id }
    }
    fn show(&self) -> u64 {
        self.inner.show() + self.number as u64
    }
    fn change(&mut self) {
        self.inner.change();
        self.number = self.number.wrapping_add(1);
    }
}

impl<X: Value> Value for Box<X> {
    fn make(id: u8) -> Self {
        Box::new(X::make(id))
    }
    fn show(&self) -> u64 {
        (**self).show() + 2
    }
    fn change(&mut self) {
        (**self).change()
    }
}

impl<X: Value> Value for Rc<X> {
    fn make(id: u8) -> Self {
        Rc::new(X::make(id))
    }
    fn show(&self) -> u64 {
        (**self).show() * 6
    }
    fn change(&mut self) {
        // Others may share it.
        if let Some(inner) = Rc::get_mut(self) {
            inner.change();
        }
    }
}

impl<X: Value> Value for Option<X> {
    fn make(id: u8) -> Self {
        if id % 4 == 3 { None } else { Some(X::make(id)) }
    }
    fn show(&self) -> u64 {
        self.as_ref().map_or(3, |inner| inner.show() * 2)
    }
    fn change(&mut self) {
        if let Some(inner) = self {
            inner.change();
        }
    }
}

#[derive(Clone)]
pub enum Either<X, Y> {
    Left(X),
    Right(Y),
}
impl<X: Value, Y: Value> Value for Either<X, Y> {
    fn make(id: u8) -> Self {
        if id % 2 == 0 { Either::Left(X::make(id)) } else { Either::Right(Y::make(id)) }
    }
    fn show(&self) -> u64 {
        match self {
            Either::Left(x) => x.show() * 4,
            Either::Right(y) => y.show() * 4 + 1,
        }
    }
    fn change(&mut self) {
        match self {
            Either::Left(x) => x.change(),
            Either::Right(y) => y.change(),
        }
    }
}
