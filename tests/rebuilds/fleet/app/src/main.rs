fn main() {
    println!("{}", app::sizes());
}
