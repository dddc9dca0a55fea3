//! Refused: in a loop, what has been copied is used again.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = u8> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = u8> {
    async move {
        let mut sum = 0;
        while sum < 9 {
            let mut copy = x;
            wait().await;
            copy.0[0] += 1;
            sum += copy.0[0];
        }
        sum
    }
}

async fn wait() {}

#[derive(Clone, Copy)]
pub struct Big([u8; 64]);
