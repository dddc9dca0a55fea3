//! Refused: which drops suspend is not known before drops are elaborated. Promotion is as always.
//@ edition: 2024

#![feature(async_drop)]
#![allow(incomplete_features)]

use std::future::AsyncDrop;
use std::pin::Pin;

pub async fn shown(x: Plain) {
    let _local = Big([1; 64]);
    wait().await;
    eat(x);
}

pub struct Plain([u8; 64]);

fn eat(_: Plain) {}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}

impl AsyncDrop for Big {
    async fn drop(self: Pin<&mut Self>) {}
}
