//! Chains of `?` and `.await`: what each result held has moved on, and its bytes are free for the next.
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

struct Builder(Value);

impl Builder {
    async fn step(self, name: &'static str) -> Result<Builder, Value> {
        pause().await;
        self.0.look();
        if name == "bad" { Err(self.0) } else { Ok(Builder(sized(name))) }
    }

    fn step_now(self, name: &'static str) -> Result<Builder, Value> {
        self.0.look();
        if name == "worse" { Err(sized("error")) } else { Ok(self) }
    }
}

async fn start(name: &'static str) -> Result<Option<Builder>, Value> {
    pause().await;
    Ok((name != "none").then(|| Builder(sized(name))))
}

async fn all(names: [&'static str; 3]) -> Result<u32, Value> {
    let first = start(names[0]).await?.ok_or_else(|| sized("nothing"))?;
    let last = first.step(names[1]).await?.step_now(names[2])?.step("last").await?;
    let other = sized::<90>("other");
    pause().await;
    Ok(last.0.look() + other.look())
}

async fn of_options(names: [&'static str; 3]) -> Option<u32> {
    let first = start(names[0]).await.ok()??;
    let second = first.step(names[1]).await.ok()?;
    second.0.look();
    let third = second.step_now(names[2]).ok()?;
    pause().await;
    Some(own(third.0).await)
}

async fn in_a_block(names: [&'static str; 3]) -> u32 {
    let result = async {
        let first = start(names[0]).await?;
        let Some(first) = first else { return Err(sized("no first")) };
        let second = first.step(names[1]).await?;
        Ok(second.0)
    };
    match result.await {
        Ok(value) => own(value).await,
        Err(value) => {
            let next = sized::<90>("next");
            pause().await;
            value.look() + next.look()
        }
    }
}

async fn converted(names: [&'static str; 3]) -> Result<u32, Box<Value>> {
    let first = start(names[0]).await.map_err(Box::new)?;
    let Some(first) = first else { Err(sized("gone"))? };
    Ok(own(first.step(names[1]).await.map_err(Box::new)?.0).await)
}

fn main() {
    for names in [["a", "b", "c"], ["none", "b", "c"], ["a", "bad", "c"], ["a", "b", "worse"]] {
        everywhere![all(names), of_options(names), in_a_block(names), converted(names)];
    }
}
