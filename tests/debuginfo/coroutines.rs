//! A coroutine's variables: while it runs, and, state by state, from outside. Stock shows captures in states in which they are
//! gone, so the twins are compared with each other.
//@ twins
//@ edition: 2024
//@ gdb-command: run
//@ gdb-command: print *future.pointer
//@ gdb-check: [...]Unresumed{[...]text: "abc"[...]
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: name = "abc"
//@ gdb-command: continue
//@ gdb-command: print *future.pointer
//@ gdb-check: [...]Suspend0{[...]__awaitee: coroutines::leaf::{async_fn_env#0}::Suspend0{[...]
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: got = 5
//@ gdb-command: backtrace 2
//@ gdb-check: #1 [...]coroutines::outer::{async_fn#0} [...]
//@ gdb-command: continue
//@ gdb-command: continue
//@ gdb-command: print first
//@ gdb-check: [...] = 12
//@ gdb-command: continue
//@ gdb-command: print *future.pointer
//@ gdb-check: [...]Suspend1{[...]
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: inside = 2
//@ gdb-command: continue
//@ lldb-command: run
//@ lldb-command: continue
//@ lldb-command: frame variable
//@ lldb-check: [...]name = "abc"[...]
//@ lldb-command: continue

#![allow(unused_variables)]

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

struct Wait(bool);

impl Future for Wait {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        if self.0 {
            return Poll::Ready(5);
        }
        self.0 = true;
        Poll::Pending
    }
}

struct Noisy(u64);

impl Drop for Noisy {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}

fn stop() {}

async fn leaf(name: String, count: u32) -> usize {
    let local = count + 1;
    stop(); // #break
    let got = Wait(false).await;
    let noisy = Noisy(u64::from(got));
    stop(); // #break
    Wait(false).await;
    name.len() + local as usize + noisy.0 as usize
}

async fn outer(list: Vec<i32>, text: &str) -> usize {
    let text = text.to_string();
    let first = leaf(text, 3).await;
    stop(); // #break
    let block = async move {
        let inside = list.len();
        Wait(false).await;
        stop(); // #break
        inside + first
    };
    block.await
}

fn main() {
    let mut future = pin!(outer(vec![1, 2], "abc"));
    stop(); // #break
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    loop {
        let polled = future.as_mut().poll(&mut context);
        if let Poll::Ready(value) = polled {
            println!("{value} after {polls}");
            break;
        }
        polls += 1;
        stop(); // #break
    }
}
