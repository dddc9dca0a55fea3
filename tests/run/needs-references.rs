//! Owners that move away after their references are done with, while references to other places live on.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

async fn through(value: &mut Value) -> u32 {
    pause().await;
    value.rename("through");
    value.look()
}

async fn borrowed_in_turn() -> u32 {
    let mut value = sized::<60>("value");
    let mut sum = through(&mut value).await;
    sum += through(&mut value).await;
    let other = sized::<60>("other");
    let shared = &other;
    sum += own(value).await;
    pause().await;
    sum + shared.look()
}

async fn one_of_two(first: bool) -> u32 {
    let (one, two) = (sized::<60>("one"), sized::<60>("two"));
    let chosen = if first { &one } else { &two };
    pause().await;
    let sum = chosen.look();
    if first {
        sum + own(one).await + two.look()
    } else {
        sum + own(two).await + one.look()
    }
}

struct Holder<'a>(&'a Value, Value);

async fn in_a_struct() -> u32 {
    let value = sized::<60>("value");
    let holder = Holder(&value, sized("held"));
    pause().await;
    let Holder(reference, held) = holder;
    let sum = own(held).await;
    pause().await;
    let sum = sum + reference.look();
    sum + own(value).await
}

async fn reborrowed() -> u32 {
    let mut both = (sized::<60>("left"), sized::<60>("right"));
    let (left, right) = (&mut both.0, &mut both.1);
    std::mem::swap(left, right);
    let again = &mut *left;
    pause().await;
    again.rename("again");
    let sum = own(both.0).await;
    pause().await;
    sum + both.1.look()
}

async fn of_copies() -> u32 {
    let value = sized::<60>("value");
    let one = &value;
    let two = one;
    pause().await;
    let sum = one.look() + two.look();
    let boxed: Box<dyn Fn() -> u32 + '_> = Box::new(move || two.look());
    pause().await;
    let sum = sum + boxed();
    drop(boxed);
    sum + own(value).await
}

fn main() {
    everywhere![
        borrowed_in_turn(),
        one_of_two(true),
        one_of_two(false),
        in_a_struct(),
        reborrowed(),
        of_copies(),
    ];
}
