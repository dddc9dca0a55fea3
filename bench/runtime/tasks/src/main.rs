//! `tasks RUNTIME ROW`: a row of `./y.sh bench runtime` that needs no second process.
//!
//! Each row does the same twice: a little of it to warm up, then all of it between the marks `begin` and `end`. What it computes
//! depends on neither the compiler nor the order in which tasks run.

mod chain;
mod channels;
mod select;
mod spawn;
mod timeouts;
mod unordered;
mod yields;

use std::env;

use meter::{Counting, Meter};
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How much a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amount {
    WarmUp,
    All,
}

impl Amount {
    /// Of `all`, as much as is wanted.
    fn of(self, all: u64) -> u64 {
        match self {
            Amount::WarmUp => all / 20,
            Amount::All => all,
        }
    }
}

fn main() {
    let meter = Meter::new();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [runtime, row] = &*arguments else { panic!("usage: tasks current|multi ROW") };
    let runtime = runtime_of(runtime);
    runtime.block_on(async { run(row, Amount::WarmUp, &|_| {}).await });
    meter.mark("begin");
    let sum = runtime.block_on(async { run(row, Amount::All, &|label| meter.mark(label)).await });
    meter.mark("end");
    meter::result(row, sum);
}

fn runtime_of(name: &str) -> Runtime {
    let mut builder = match name {
        "current" => Builder::new_current_thread(),
        "multi" => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(2);
            builder
        }
        _ => panic!("{name} is no runtime: current, multi"),
    };
    builder.enable_all().build().expect("a runtime can be made")
}

/// Does a row. `mark` is for what a row has to say in between.
async fn run(row: &str, amount: Amount, mark: &dyn Fn(&str)) -> u64 {
    match row {
        "spawn" => spawn::run(amount, mark).await,
        "yield" => yields::run(amount).await,
        "channels" => channels::run(amount).await,
        "timeouts" => timeouts::run(amount).await,
        "select" => select::run(amount).await,
        "chain" => chain::run(amount).await,
        "unordered" => unordered::run(amount).await,
        _ => panic!("{row} is no row"),
    }
}
