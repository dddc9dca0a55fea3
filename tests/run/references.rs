//! References into captures across suspensions, captures indexed by variables, `dyn Future`,
//! pinned captures, and interior mutability.
//@ edition: 2024
//@ run-pass

mod support;
use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::rc::Rc;
use support::*;

async fn self_references(text: String, numbers: [u32; 6], index: usize) -> usize {
    let slice = &text[1..];
    let element = &numbers[index];
    wait().await;
    let both = (slice, element, &numbers[..index]);
    wait().await;
    let again = &both;
    wait().await;
    again.0.len() + *again.1 as usize + again.2.len()
}

async fn mutable_references(mut numbers: [u32; 6], index: usize) -> [u32; 6] {
    let element = &mut numbers[index];
    wait().await;
    *element += 1;
    let first = &mut numbers[0];
    wait().await;
    *first += 10;
    for i in 0..numbers.len() {
        numbers[i] += i as u32;
        wait().await;
    }
    numbers
}

async fn indexed(table: [[u8; 4]; 4], row: usize, column: usize) -> u8 {
    wait().await;
    let value = table[row][column];
    wait().await;
    value + table[column][row]
}

async fn pinned_capture(future: impl Future<Output = u32>, after: Loud) -> u32 {
    let mut future = pin!(future);
    wait().await;
    let value = future.as_mut().await;
    wait().await;
    println!("    {}", after.name());
    value
}

async fn select(mut left: Pin<Box<dyn Future<Output = u32>>>, right: impl Future<Output = u32>) -> u32 {
    let mut right = pin!(right);
    loop {
        if let std::task::Poll::Ready(value) = poll(left.as_mut()) {
            return value;
        }
        if let std::task::Poll::Ready(value) = poll(right.as_mut()) {
            return value + 100;
        }
        wait().await;
    }
}

async fn shared(cell: Cell<u32>, list: Rc<RefCell<Vec<u32>>>) -> u32 {
    let reference = &cell;
    let add = |n| reference.set(reference.get() + n);
    add(1);
    wait().await;
    add(2);
    list.borrow_mut().push(cell.get());
    wait().await;
    list.borrow_mut().push(cell.get());
    cell.get()
}

async fn patterns((a, b): (Loud, u32), [first, .., last]: [u8; 5], &number: &u32) -> u32 {
    wait().await;
    println!("    {} {b} {first} {last}", a.name());
    wait().await;
    number
}

fn main() {
    let text = || String::from("hello");
    println!("{}", block_on(self_references(text(), [1, 2, 3, 4, 5, 6], 3)));
    println!("{:?}", block_on(mutable_references([1, 2, 3, 4, 5, 6], 2)));
    let table = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]];
    println!("{}", block_on(indexed(table, 1, 3)));
    let make = || pinned_capture(async { wait().await; 5 }, loud("after"));
    println!("{}", block_on(make()));
    drop_everywhere("pinned", 3, make);
    let ready_after = |times| async move {
        wait_times(times).await;
        times
    };
    println!("{}", block_on(select(Box::pin(ready_after(5)), ready_after(3))));
    println!("{}", block_on(select(Box::pin(ready_after(2)), ready_after(3))));
    let list = Rc::new(RefCell::new(vec![]));
    println!("{}", block_on(shared(Cell::new(7), list.clone())));
    println!("{list:?}");
    let make = || patterns((loud("a"), 2), [1, 2, 3, 4, 5], &6);
    println!("{}", block_on(make()));
    drop_everywhere("patterns", 2, make);
}
