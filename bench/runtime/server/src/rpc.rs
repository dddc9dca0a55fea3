//! tonic: one answer, and a stream of answers.

use std::pin::Pin;

use rpc::shop_server::{Shop, ShopServer};
use rpc::{Answer, Question};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status};

#[derive(Debug)]
struct Service;

async fn answered(question: &Question, number: u32) -> Result<Answer, Status> {
    if question.name.is_empty() {
        return Err(Status::invalid_argument("a question has a name"));
    }
    let parts = (0..8).map(|part| part * number).collect();
    Ok(Answer { number: question.number + u64::from(number), parts, text: question.name.clone() })
}

async fn answers(question: Question, to: mpsc::Sender<Result<Answer, Status>>) {
    for number in 0..question.answers {
        let answer = answered(&question, number).await;
        // The client may have lost its interest.
        if to.send(answer).await.is_err() {
            return;
        }
    }
}

#[tonic::async_trait]
impl Shop for Service {
    async fn ask(&self, request: Request<Question>) -> Result<Response<Answer>, Status> {
        let question = request.into_inner();
        Ok(Response::new(answered(&question, 1).await?))
    }

    type FollowStream = Pin<Box<dyn Stream<Item = Result<Answer, Status>> + Send>>;

    async fn follow(
        &self,
        request: Request<Question>,
    ) -> Result<Response<Self::FollowStream>, Status> {
        let (to, from) = mpsc::channel(16);
        tokio::spawn(answers(request.into_inner(), to));
        Ok(Response::new(Box::pin(ReceiverStream::new(from))))
    }
}

pub(super) async fn serve(listener: TcpListener) {
    let served = tonic::transport::Server::builder()
        .tcp_nodelay(true)
        .add_service(ShopServer::new(Service))
        .serve_with_incoming(TcpListenerStream::new(listener))
        .await;
    served.expect("the listener listens");
}
