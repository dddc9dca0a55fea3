//! datafusion #10033 and #9893: a data frame carries its whole session by value, methods consume it, and async ones hold it while
//! they wait.

use crate::{Once, block_on, measured};

#[derive(Clone, Debug)]
struct Session {
    options: [u64; 160],
    rules: [u32; 96],
}

#[derive(Clone, Debug)]
struct Plan {
    steps: Vec<u64>,
    schema: [u64; 16],
}

#[derive(Clone, Debug)]
struct Frame {
    session: Session,
    plan: Plan,
}

impl Frame {
    fn step(mut self, step: u64) -> Result<Frame, String> {
        if step == 0 {
            return Err("a step has a number".into());
        }
        self.plan.steps.push(step);
        self.plan.schema[self.plan.steps.len() % 16] = step;
        Ok(self)
    }

    async fn physical(self) -> Result<(Session, Plan), String> {
        let Frame { session, plan } = self;
        Once::default().await;
        if plan.steps.is_empty() {
            return Err("there is nothing to do".into());
        }
        Ok((session, plan))
    }

    async fn collect(self) -> Result<u64, String> {
        let (session, plan) = self.physical().await?;
        Once::default().await;
        let rules: u64 = session.rules.iter().map(|&rule| u64::from(rule)).sum();
        Ok(plan
            .steps
            .iter()
            .chain(&plan.schema)
            .fold(rules ^ session.options[7], |sum, &it| common::mix(sum, it)))
    }

    async fn count(self) -> Result<u64, String> {
        let rows = self.step(77)?.collect().await?;
        Ok(rows & 0xffff)
    }

    async fn cached(self) -> Result<Frame, String> {
        let rows = self.clone().count().await?;
        self.step(rows | 1)
    }
}

async fn read(session: Session, table: u64) -> Result<Frame, String> {
    Once::default().await;
    Ok(Frame { session, plan: Plan { steps: vec![table], schema: [table; 16] } })
}

async fn query(session: Session) -> Result<u64, String> {
    let orders = read(session.clone(), 1).await?.step(2)?.step(3)?;
    let customers = read(session, 4).await?.step(5)?.cached().await?;
    let left = orders.clone().count().await?;
    let right = customers.count().await?;
    Ok(common::mix(left, right) ^ orders.step(6)?.cached().await?.collect().await?)
}

fn session() -> Session {
    Session { options: [3; 160], rules: [5; 96] }
}

pub(crate) fn run(name: &str) {
    let work = || block_on(async { query(session()).await.unwrap_or(0) });
    measured(name, work, size_of_val(&query(session())));
}
