//! Where an awaited future comes from: a parameter, a capture, a call, a field, a variable that was
//! used before, an argument of another future.
//@ edition: 2024
//@ run-pass

mod support;
use std::pin::{Pin, pin};
use support::tasks::*;
use support::*;

async fn parameter(future: Task, after: Loud) -> Loud {
    let result = future.await;
    println!("    {} {}", result.name(), after.name());
    result
}

async fn after_waiting(first: Task, second: Task) {
    wait().await;
    println!("    {} {}", first.name(), second.name());
    second.await;
    wait().await;
    first.await;
}

fn capture(future: Task, after: Loud) -> impl Future<Output = ()> {
    async move {
        let kept = future.await;
        wait().await;
        println!("    {} {}", kept.name(), after.name());
    }
}

async fn result_of_a_call(before: Loud) {
    let kept = task("first", 1).await;
    task("second", 1).await;
    drop(before);
    println!("    {}", kept.name());
    let _ = task("third", 0).await;
}

struct Fields {
    before: Loud,
    future: Task,
    after: Loud,
}

fn fields() -> Fields {
    Fields { before: loud("before"), future: task("field", 1), after: loud("after") }
}

impl Fields {
    async fn field_of_self(self) {
        self.future.await;
        wait().await;
        println!("    {} {}", self.before.name(), self.after.name());
    }
}

async fn field_of_parameter(fields: Fields, pair: (Task, Loud)) {
    wait().await;
    drop(fields.after);
    fields.future.await;
    pair.0.await;
    println!("    {}", fields.before.name());
    wait().await;
}

fn field_of_capture(fields: Fields) -> impl Future<Output = ()> {
    async move {
        fields.future.await;
        wait().await;
        println!("    {}", fields.after.name());
    }
}

async fn out_of_boxes(boxed: Box<Task>, pair: Box<(Task, Loud)>) {
    (*boxed).await;
    let pair = *pair;
    pair.0.await;
    wait().await;
}

/// An unpinned future, polled through a reference before it is awaited by value.
struct Steps(u32, Loud);

impl Future for Steps {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<u32> {
        println!("    step {} of {}", self.0, self.1.name());
        self.0 += 1;
        if self.0 % 3 == 0 { std::task::Poll::Ready(self.0) } else { std::task::Poll::Pending }
    }
}

async fn polled_by_reference_before(mut steps: Steps) {
    let _ = poll(Pin::new(&mut steps));
    wait().await;
    let first = (&mut steps).await;
    steps.0 += 1;
    let looked = &steps.1;
    println!("    {first} {}", looked.name());
    let second = steps.await;
    println!("    {second}");
    wait().await;
}

async fn local_used_before(name: &'static str) {
    let mut future = task(name, 1);
    wait().await;
    println!("    {}", future.name());
    let reference = &mut future;
    println!("    {}", reference.name());
    future.await;
    future = task("again", 1);
    wait().await;
    future.await;
}

async fn pinned_and_boxed(parameter: Task) {
    let mut pinned = pin!(parameter);
    pinned.as_mut().await;
    let boxed: Pin<Box<dyn Future<Output = Loud>>> = Box::pin(task("boxed", 1));
    boxed.await;
    let mut held = Box::pin(task("held", 1));
    (&mut held).await;
    wait().await;
    println!("    {}", held.name());
}

async fn join(left: Loud, right: Loud) -> Loud {
    wait().await;
    loud(&format!("{} and {}", left.name(), right.name()))
}

async fn as_arguments(left: Task, right: Task) {
    let joined = join(left.await, right.await).await;
    let again = join(join(task("a", 1).await, joined).await, task("b", 1).await).await;
    println!("    {}", again.name());
}

async fn in_operands(left: Task, right: Task) -> usize {
    let array = [left.await, right.await];
    let sum = array[0].name().len() + task("operand", 1).await.name().len();
    let text = format!("{} {}", task("formatted", 1).await.name(), array[1].name());
    let fields = (task("tuple", 1).await, text);
    sum + fields.1.len()
}

fn main() {
    quiet();
    drop_everywhere("parameter", 3, || parameter(task("p", 2), loud("after")));
    drop_everywhere("after waiting", 5, || after_waiting(task("f", 1), task("second", 1)));
    drop_everywhere("capture", 3, || capture(task("c", 1), loud("after")));
    drop_everywhere("result of a call", 3, || result_of_a_call(loud("before")));
    drop_everywhere("field of self", 3, || fields().field_of_self());
    let pair = || (task("pair", 1), loud("rest"));
    drop_everywhere("field of parameter", 5, || field_of_parameter(fields(), pair()));
    drop_everywhere("field of capture", 3, || field_of_capture(fields()));
    let boxed = || (Box::new(task("box", 1)), Box::new(pair()));
    drop_everywhere("out of boxes", 4, || out_of_boxes(boxed().0, boxed().1));
    let steps = || Steps(0, loud("steps"));
    drop_everywhere("polled before", 7, || polled_by_reference_before(steps()));
    drop_everywhere("local used before", 5, || local_used_before("local"));
    drop_everywhere("pinned and boxed", 5, || pinned_and_boxed(task("pinned", 1)));
    drop_everywhere("as arguments", 8, || as_arguments(task("left", 1), task("right", 1)));
    drop_everywhere("in operands", 6, || in_operands(task("left", 1), task("right", 1)));
}
