//! gRPC.

use rpc::shop_client::ShopClient;
use rpc::{Answer, Question};
use tonic::transport::Channel;

use crate::Load;

/// Answers of a stream.
const ANSWERS: u32 = 200;

async fn client(load: &Load) -> ShopClient<Channel> {
    let (host, port) = load.address();
    let endpoint =
        Channel::from_shared(format!("http://{host}:{port}")).expect("the address is one");
    ShopClient::new(endpoint.tcp_nodelay(true).connect().await.expect("the server listens"))
}

fn question(number: u64, answers: u32) -> Question {
    Question { number, name: "how much is it?".into(), answers }
}

fn sum_of(answer: &Answer) -> u64 {
    let parts =
        answer.parts.iter().fold(answer.number, |sum, &part| meter::mix(sum, u64::from(part)));
    parts ^ answer.text.len() as u64
}

pub(super) async fn unary(load: Load, connection: u64) -> u64 {
    let mut client = client(&load).await;
    let mut sum = connection;
    for request in 0..load.requests {
        let answer = client.ask(question(request, 1)).await.expect("the server answers");
        sum = meter::mix(sum, sum_of(answer.get_ref()));
    }
    sum
}

pub(super) async fn streaming(load: Load, connection: u64) -> u64 {
    let mut client = client(&load).await;
    let mut sum = connection;
    for request in 0..load.requests {
        let answers = client.follow(question(request, ANSWERS)).await.expect("the server answers");
        let mut answers = answers.into_inner();
        while let Some(answer) = answers.message().await.expect("the stream ends well") {
            sum = meter::mix(sum, sum_of(&answer));
        }
    }
    sum
}
