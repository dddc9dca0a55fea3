// ---- what is done with values

#[inline(never)]
pub fn look<T: Value>(value: &T) -> u64 {
    let worth = value.show();
    event("look", worth);
    worth
}

#[inline(never)]
pub fn change<T: Value>(value: &mut T) -> u64 {
    value.change();
    look(value)
}

/// Writes to its argument, which no caller may notice.
#[inline(never)]
pub fn consume<T: Value>(mut value: T) -> u64 {
    let worth = value.show();
    value.change();
    event("consume", worth);
    worth
}

#[inline(always)]
pub fn consume_inlined<T: Value>(mut value: T) -> u64 {
    value.change();
    let worth = value.show();
    value.change();
    event("inlined", worth);
    worth
}

#[inline(never)]
pub fn consume_two<T: Value, U: Value>(mut first: T, mut second: U) -> u64 {
    let worth = first.show() + second.show() * 11;
    first.change();
    second.change();
    event("consume two", worth);
    worth
}

#[inline(never)]
pub fn consume_beside<T: Value, U: Value>(mut value: T, beside: &U) -> u64 {
    let worth = value.show() * 13;
    value.change();
    let worth = worth + beside.show();
    event("consume beside", worth);
    worth
}

pub extern "C-unwind" fn consume_foreign<T: Value>(mut value: T) -> u64 {
    let worth = value.show();
    value.change();
    worth
}

#[inline(never)]
pub fn identity<T: Value>(value: T) -> T {
    event("identity", value.show());
    value
}

#[inline(never)]
pub fn convert<T: Value, U: Value>(mut value: T) -> U {
    let converted = U::make(value.show() as u8);
    value.change();
    converted
}

#[inline(never)]
pub fn with_worth<T: Value>(mut value: T) -> (T, u64) {
    event("with worth", value.show());
    value.change();
    let worth = value.show();
    (value, worth)
}

pub trait Methods: Value + Sized {
    #[inline(never)]
    fn consumed(mut self) -> u64 {
        self.change();
        let worth = self.show();
        event("consumed", worth);
        worth
    }
    #[inline(never)]
    fn merged<U: Value>(mut self, mut other: U) -> Self {
        self.change();
        other.change();
        event("merged", other.show());
        self
    }
}
impl<T: Value> Methods for T {}

pub fn call<R>(function: impl FnOnce() -> R) -> R {
    event("call", 0);
    function()
}

pub fn maybe<T: Value>(select: u32, none: u32, id: u8) -> Option<T> {
    event("maybe", none as u64);
    if select % 8 == none { None } else { Some(T::make(id)) }
}

pub fn index(select: u32) -> usize {
    (select & 1) as usize
}
