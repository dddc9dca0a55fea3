//! Awaits on some paths only, in loops, in arms and in nested blocks; ways out of an awaited
//! expression.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

async fn on_a_condition(future: Task, other: Task, condition: bool) {
    if condition {
        future.await;
    }
    wait().await;
    if !condition {
        other.await;
    }
    wait().await;
}

async fn on_either_path(future: Task, condition: bool) -> Loud {
    if condition {
        wait().await;
        future.await
    } else {
        println!("    {}", future.name());
        future.await
    }
}

async fn made_on_some_path(which: u8) {
    let future;
    match which {
        0 => future = task("zero", 1),
        1 => {
            wait().await;
            future = task("one", 1);
        }
        _ => return,
    }
    future.await;
    wait().await;
}

async fn fresh_in_a_loop(names: [&'static str; 3]) {
    for name in names {
        let kept = task(name, 1).await;
        wait().await;
        println!("    {}", kept.name());
    }
}

async fn assigned_in_a_loop(mut future: Task, times: u32) {
    for i in 0..times {
        let result = future.await;
        future = task(if i == 0 { "next" } else { "later" }, i);
        drop(result);
        wait().await;
    }
    println!("    left {}", future.name());
}

async fn taken_in_a_loop(future: Task, other: Loud, at: u32) {
    let mut future = Some(future);
    for i in 0.. {
        if i == at {
            let Some(future) = future.take() else { break };
            future.await;
            break;
        }
        wait().await;
    }
    println!("    {}", other.name());
}

async fn moved_in_the_last_round(future: Task, rounds: u32) -> Loud {
    let mut i = 0;
    loop {
        i += 1;
        if i == rounds {
            break future.await;
        }
        println!("    round {i} with {}", future.name());
        wait().await;
    }
}

enum Work {
    One(Task),
    Two(Task, Loud),
    Nothing,
}

async fn in_arms(work: Work, guard: bool) {
    match work {
        Work::One(future) if guard => drop(future.await),
        Work::One(future) => println!("    not {}", future.name()),
        Work::Two(future, kept) => {
            let result = { let inner = future; inner.await };
            wait().await;
            println!("    {} {}", result.name(), kept.name());
        }
        Work::Nothing => wait().await,
    }
    wait().await;
}

async fn nested_blocks(a: Task, b: Task) {
    let result = {
        let first = { let moved = a; moved }.await;
        let second = loop {
            break if first.name().is_empty() { task("never", 0) } else { b };
        }
        .await;
        async move {
            wait().await;
            println!("    {} {}", first.name(), second.name());
            second
        }
        .await
    };
    println!("    {}", result.name());
    wait().await;
}

async fn returns_inside(early: bool, kept: Loud) -> u32 {
    let future = async {
        wait().await;
        if early {
            return 1;
        }
        wait().await;
        2
    };
    let chosen = match kept.name().len() {
        0 => return 0,
        _ if early => task("early", 1),
        _ => task("late", 1),
    }
    .await;
    println!("    {}", chosen.name());
    future.await
}

async fn question(what: Result<Task, Loud>, kept: Loud) -> Result<Loud, Loud> {
    let result = what?.await;
    wait().await;
    let inner = async { if result.name().len() > 12 { Err(loud("long")) } else { Ok(loud("ok")) } };
    let second = inner.await?;
    println!("    {} {}", second.name(), kept.name());
    Ok(result)
}

async fn break_inside(future: Task, other: Task, stop: bool) {
    'outer: loop {
        let chosen = if stop { break 'outer } else { future };
        join(chosen.await, loop {
            break 'outer drop(other.await);
        })
        .await;
    }
    wait().await;
}

async fn join(_left: Loud, _right: Loud) {
    wait().await;
}

fn main() {
    quiet();
    for condition in [false, true] {
        let make = || on_a_condition(task("future", 1), task("other", 1), condition);
        drop_everywhere("on a condition", 4, make);
        let make = || on_either_path(task("future", 1), condition);
        drop_everywhere("on either path", 3, make);
        let make = || returns_inside(condition, loud("kept"));
        drop_everywhere("returns inside", 4, make);
        let make = || break_inside(task("future", 1), task("other", 1), condition);
        drop_everywhere("break inside", 4, make);
        drop_everywhere("arms: one", 3, || in_arms(Work::One(task("one", 1)), condition));
    }
    drop_everywhere("arms: two", 4, || in_arms(Work::Two(task("two", 1), loud("kept")), true));
    drop_everywhere("arms: nothing", 3, || in_arms(Work::Nothing, true));
    for number in 0..3 {
        drop_everywhere("made on some path", 3, || made_on_some_path(number as u8));
        drop_everywhere("taken", 4, || taken_in_a_loop(task("t", 1), loud("other"), number));
        drop_everywhere("last round", 4, || moved_in_the_last_round(task("m", 1), number + 1));
        drop_everywhere("assigned", 6, || assigned_in_a_loop(task("first", 1), number));
    }
    drop_everywhere("fresh", 6, || fresh_in_a_loop(["a", "b", "c"]));
    drop_everywhere("nested blocks", 5, || nested_blocks(task("a", 1), task("b", 1)));
    drop_everywhere("question", 3, || question(Ok(task("short", 1)), loud("kept")));
    let long = || question(Ok(task("much longer", 1)), loud("kept"));
    drop_everywhere("question, long", 3, long);
    drop_everywhere("question, error", 1, || question(Err(loud("error")), loud("kept")));
}
