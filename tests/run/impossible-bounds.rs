//! Functions that nobody can call, for no type fulfils their bounds: rustc replaces their bodies by one
//! `unreachable`. Then nothing of the body that was relocated is left.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, trivial_bounds)]
#![allow(async_fn_in_trait, trivial_bounds)]

mod support;
use support::*;

pub async fn suspends(text: String, array: [u64; 8]) -> usize
where
    String: Copy,
{
    wait().await;
    let moved = text;
    wait().await;
    moved.len() + text.len() + array[0] as usize
}

pub async fn consumes(bytes: Vec<u8>, (left, right): (Loud, [u8; 30]))
where
    str: Sized,
{
    drop(bytes);
    drop(left);
    drop(right);
}

pub trait Method {
    async fn method(self, bytes: Vec<u8>)
    where
        Self: Copy;
}

impl Method for String {
    async fn method(self, bytes: Vec<u8>)
    where
        Self: Copy,
    {
        wait().await;
        drop(bytes);
        drop(self);
    }
}

pub fn iterates(bytes: Vec<u8>, array: [u8; 9]) -> impl Iterator<Item = u8>
where
    String: Copy,
{
    gen move {
        let array = array;
        for byte in bytes {
            yield byte + array[2];
        }
    }
}

pub fn closure(bytes: Vec<u8>) -> impl AsyncFnOnce(Loud) -> usize
where
    String: Copy,
{
    async move |loud| {
        wait().await;
        bytes.len() + loud.name().len()
    }
}

async fn beside(bytes: Vec<u8>) -> usize {
    wait().await;
    bytes.len()
}

fn main() {
    println!("{}", block_on(beside(vec![1, 2])));
}
