//! azure-sdk-for-rust #4794: resolving a container goes through many async functions, each with options, a context and a large
//! result by value. Unoptimised, that does not fit into the main thread's 1 MiB on Windows.

use crate::{Once, block_on, measured};

#[derive(Clone, Debug)]
struct Options {
    headers: [u64; 48],
    retries: u32,
}

#[derive(Clone, Debug)]
struct Trace {
    spans: [u64; 96],
}

#[derive(Clone, Debug)]
struct Response {
    body: [u8; 1024],
    headers: [u64; 48],
}

#[derive(Clone, Debug)]
enum Failure {
    Throttled([u64; 16]),
    Gone([u8; 256]),
}

type Outcome = Result<(Response, Trace), Failure>;

/// A layer: it notes itself, hands everything down by value, and tries again after some failures.
macro_rules! layers {
    ($($name:ident $number:literal -> $next:ident),* $(,)?) => {
        $(
            async fn $name(options: Options, mut trace: Trace) -> Outcome {
                trace.spans[$number] += 1;
                let mut left = options.retries;
                loop {
                    let asked = options.clone();
                    match $next(asked, trace.clone()).await {
                        Ok((response, found)) => {
                            let status = response.headers[$number];
                            if status < 500 || left == 0 {
                                return Ok((response, found));
                            }
                            trace = found;
                        }
                        Err(Failure::Throttled(spans)) if left > 0 => trace.spans[$number] ^= spans[0],
                        Err(failure) => return Err(failure),
                    }
                    left -= 1;
                    Once::default().await;
                }
            }
        )*
    };
}

layers! {
    resolve 0 -> container, container 1 -> cached, cached 2 -> planned, planned 3 -> executed, executed 4 -> operation,
    operation 5 -> routed, routed 6 -> retried, retried 7 -> authorized, authorized 8 -> diagnosed, diagnosed 9 -> throttled,
    throttled 10 -> transported, transported 11 -> decoded, decoded 12 -> pooled, pooled 13 -> connected, connected 14 -> sent,
}

async fn sent(options: Options, mut trace: Trace) -> Outcome {
    Once::default().await;
    trace.spans[15] += 1;
    match options.headers[0] {
        0 => Err(Failure::Gone([1; 256])),
        _ if trace.spans[15] == 1 && options.retries == 9 => Err(Failure::Throttled([3; 16])),
        header => Ok((Response { body: [7; 1024], headers: [header; 48] }, trace)),
    }
}

async fn startup() -> u64 {
    let options = Options { headers: [200; 48], retries: 2 };
    let trace = Trace { spans: [0; 96] };
    match resolve(options, trace).await {
        Ok((response, trace)) => {
            let body: u64 = response.body.iter().map(|&byte| u64::from(byte)).sum();
            trace.spans.iter().fold(body, |sum, &span| common::mix(sum, span))
        }
        Err(Failure::Throttled(spans)) => spans[0],
        Err(Failure::Gone(bytes)) => u64::from(bytes[0]),
    }
}

pub(crate) fn run(name: &str) {
    measured(name, || block_on(startup()), size_of_val(&startup()));
}
