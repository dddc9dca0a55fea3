#[test]
fn in_an_integration_test() {
    println!("integration test: {}", app::sizes());
}
