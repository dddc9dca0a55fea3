//! Two captures that fit alone, but not together: stock's error, not an overflow.
//@ edition: 2024
//@ build-fail

fn too_big(a: [u8; 1 << 60], b: [u8; 1 << 60]) -> impl Future<Output = u8> {
    async move {
        let first = a[0];
        std::future::ready(()).await;
        first + b[7]
    }
}

fn main() {
    println!("{}", size_of_result(too_big));
}

fn size_of_result<A, B, R>(_: fn(A, B) -> R) -> usize {
    std::mem::size_of::<R>()
}
