//! Done: the result of a call keeps no bytes when what it had inside has moved on.
//@ edition: 2024

pub async fn shown() -> Result<u8, String> {
    let big = make()?;
    wait().await;
    Ok(big.0[0])
}

fn make() -> Result<Big, String> {
    Ok(Big([1; 64]))
}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}
