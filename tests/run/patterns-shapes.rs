//! Parameters that are patterns, of every shape: parts, rests and whole values are dropped when and
//! in the order in which stock drops them.
//@ edition: 2024
//@ run-pass

mod support;
use support::*;

struct State<T>(T);

struct Pair {
    left: Loud,
    right: Loud,
    number: u32,
}

enum Only {
    This { first: Loud, second: (Loud, Loud), number: u64 },
}

fn pair(name: &str) -> Pair {
    Pair { left: loud(&format!("{name}.left")), right: loud(&format!("{name}.right")), number: 3 }
}

fn only() -> Only {
    Only::This { first: loud("first"), second: (loud("second.0"), loud("second.1")), number: 4 }
}

fn triple(name: &str) -> (Loud, Loud, Loud) {
    (loud(&format!("{name}0")), loud(&format!("{name}1")), loud(&format!("{name}2")))
}

async fn newtype(State(inner): State<Loud>, State(State(number)): State<State<u64>>) -> u64 {
    wait().await;
    println!("    {}", inner.name());
    number
}

async fn tuple((a, b, c): (Loud, Loud, Loud), after: Loud) {
    wait().await;
    println!("    {} {} {} {}", a.name(), b.name(), c.name(), after.name());
    wait().await;
}

async fn with_rest((a, ..): (Loud, Loud, Loud), (.., b): (Loud, Loud, Loud), _: Loud) {
    wait().await;
    println!("    {} {}", a.name(), b.name());
    wait().await;
}

async fn with_wildcards((_, a, _): (Loud, Loud, Loud), (_, _): (Loud, Loud), (..): (Loud,)) {
    wait().await;
    println!("    {}", a.name());
    drop(a);
    wait().await;
}

async fn structure(Pair { right, left, number }: Pair, Pair { left: mut other, .. }: Pair) {
    wait().await;
    println!("    {} {} {} {number}", left.name(), right.name(), other.name());
    other = loud("new other");
    wait().await;
    println!("    {}", other.name());
}

async fn by_reference(
    Pair { ref left, ref mut right, number }: Pair,
    (ref all, ref mut count): (Vec<Loud>, u32),
) -> u32 {
    wait().await;
    *right = loud("new right");
    *count += number;
    wait().await;
    println!("    {} {} {}", left.name(), right.name(), all.len());
    *count
}

async fn nested(
    State((Pair { left, right: _, number: _ }, State([first, second]))): State<(Pair, State<[Loud; 2]>)>,
    ((), (a, (b, _))): ((), (Loud, (Loud, Loud))),
) {
    wait().await;
    println!("    {} {} {}", left.name(), first.name(), second.name());
    drop(second);
    wait().await;
    println!("    {} {}", a.name(), b.name());
}

async fn single_variant(Only::This { first, second: (_, part), number }: Only) -> u64 {
    wait().await;
    println!("    {} {}", first.name(), part.name());
    number
}

async fn arrays([a, _, c]: [Loud; 3], [first, .., last]: [Loud; 4], [_, middle @ .., _]: [Loud; 4]) {
    wait().await;
    println!("    {} {} {} {}", a.name(), c.name(), first.name(), last.name());
    wait().await;
    println!("    {}", middle.len());
    let [inner, _] = middle;
    wait().await;
    println!("    {}", inner.name());
}

async fn bound_whole(whole @ Pair { number, .. }: Pair, copied @ (x, y): (u64, u64)) -> u64 {
    wait().await;
    println!("    {} {number}", whole.left.name());
    wait().await;
    copied.0 * 1000 + copied.1 * 100 + x * 10 + y
}

async fn references(&(ref a, number): &(Loud, u32), &mut (_, ref mut b): &mut (Loud, Loud)) -> u32 {
    wait().await;
    println!("    {}", a.name());
    *b = loud("replaced");
    wait().await;
    number
}

async fn copied_parts((a, mut b): (u64, [u8; 9]), (flag, c): (bool, char)) -> String {
    b[0] += 1;
    wait().await;
    b[8] += a as u8;
    wait().await;
    format!("{a} {b:?} {flag} {c}")
}

impl Pair {
    async fn method(self, State(other): State<Loud>, (number, _): (u32, Loud)) -> u32 {
        wait().await;
        println!("    {} {}", self.right.name(), other.name());
        self.number + number
    }
}

async fn closures(closure: impl AsyncFnOnce((Loud, Loud), State<Loud>)) {
    closure((loud("c0"), loud("c1")), State(loud("c2"))).await
}

fn four(name: &str) -> [Loud; 4] {
    [0, 1, 2, 3].map(|i| loud(&format!("{name}{i}")))
}

fn main() {
    quiet();
    drop_everywhere("newtype", 2, || newtype(State(loud("inner")), State(State(7))));
    drop_everywhere("tuple", 3, || tuple(triple("t"), loud("after")));
    drop_everywhere("rest", 3, || with_rest(triple("a"), triple("b"), loud("c")));
    let two = || (loud("w0"), loud("w1"));
    drop_everywhere("wildcards", 3, || with_wildcards(triple("w"), two(), (loud("one"),)));
    drop_everywhere("struct", 3, || structure(pair("p"), pair("q")));
    drop_everywhere("by reference", 3, || by_reference(pair("p"), (vec![loud("v")], 1)));
    let states = || State((pair("p"), State([loud("s0"), loud("s1")])));
    drop_everywhere("nested", 3, || nested(states(), ((), (loud("a"), two()))));
    drop_everywhere("single variant", 2, || single_variant(only()));
    let arrays = || arrays([loud("a"), loud("b"), loud("c")], four("f"), four("g"));
    drop_everywhere("arrays", 4, arrays);
    println!("{}", block_on(bound_whole(pair("p"), (1, 2))));
    drop_everywhere("whole", 3, || bound_whole(pair("p"), (1, 2)));
    let mut mutable = two();
    println!("{}", block_on(references(&(loud("r"), 5), &mut mutable)));
    println!("{}", block_on(copied_parts((5, [9; 9]), (true, 'x'))));
    drop_everywhere("method", 2, || pair("self").method(State(loud("o")), (1, loud("rest"))));
    drop_everywhere("closures", 3, || {
        let captured = loud("captured");
        closures(async move |(a, _): (Loud, Loud), State(b): State<Loud>| {
            wait().await;
            println!("    {} {} {}", a.name(), b.name(), captured.name());
            drop(b);
            wait().await;
        })
    });
}
