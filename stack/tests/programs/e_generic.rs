use std::collections::VecDeque;

#[inline(never)]
fn apply<T: Copy + Default, const N: usize>(make: impl Fn(usize) -> T, read: impl Fn(&[T; N]) -> u64) -> u64 {
    let mut values = [T::default(); N];
    for (at, value) in values.iter_mut().enumerate() {
        *value = make(at);
    }
    read(std::hint::black_box(&values))
}

#[inline(never)]
pub fn work() -> u64 {
    let mut queue = VecDeque::new();
    for number in 0..100_u64 {
        queue.push_back(number);
        if number % 3 == 0 {
            queue.pop_front();
        }
    }
    let first = apply::<u64, 600>(|at| at as u64, |values| values.iter().sum());
    let second = apply::<u16, 3000>(|at| at as u16, |values| values.iter().map(|value| u64::from(*value)).sum());
    first + second + queue.len() as u64
}
