//! Refused: stock drops captures synchronously; a local with an async destructor would be awaited.
//@ edition: 2024

#![feature(async_drop)]
#![allow(incomplete_features)]

use std::future::AsyncDrop;
use std::pin::Pin;

pub fn outer(x: Big) -> impl Future<Output = ()> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = ()> {
    async move {
        wait().await;
        look(&x);
    }
}

fn look(_: &Big) {}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}

impl AsyncDrop for Big {
    async fn drop(self: Pin<&mut Self>) {}
}
