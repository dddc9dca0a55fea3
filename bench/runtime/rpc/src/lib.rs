//! The gRPC service that is measured: one answer to a question, or a stream of them.

/// What is asked.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Question {
    #[prost(uint64, tag = "1")]
    pub number: u64,
    #[prost(string, tag = "2")]
    pub name: String,
    /// How many answers are wanted.
    #[prost(uint32, tag = "3")]
    pub answers: u32,
}

/// What is answered.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Answer {
    #[prost(uint64, tag = "1")]
    pub number: u64,
    #[prost(uint32, repeated, tag = "2")]
    pub parts: Vec<u32>,
    #[prost(string, tag = "3")]
    pub text: String,
}

include!(concat!(env!("OUT_DIR"), "/bench.Shop.rs"));
