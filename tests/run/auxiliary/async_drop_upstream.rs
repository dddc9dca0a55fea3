//@ edition: 2024
// Types that drop asynchronously, for a crate that does not know the feature.
#![feature(async_drop)]
#![allow(incomplete_features)]

use std::future::AsyncDrop;
use std::pin::Pin;

pub struct Both(pub &'static str);

impl Drop for Both {
    fn drop(&mut self) {
        println!("    sync drop {}", self.0);
    }
}

impl AsyncDrop for Both {
    async fn drop(self: Pin<&mut Self>) {
        println!("    async drop {}", self.0);
    }
}

pub struct Holder<T>(pub Both, pub T);
