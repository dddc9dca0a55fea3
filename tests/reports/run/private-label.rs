//! A label of assembly that is not global is seen by the code beside it.

//@ edition: 2024
//@ run-pass
//@ note: labels of `global_asm!`

std::arch::global_asm!(".text", "private_label:", "mov eax, 42", "ret");

unsafe extern "C" {
    safe fn private_label() -> i32;
}

fn main() {
    println!("{}", private_label());
}
