//! gen blocks and functions as iterators: cut off after every item, in adaptors, boxed, moved between
//! items, recursive, with panics in bodies and destructors, and flows that end early.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator, coroutine_trait)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::thread;
use support::tasks::*;
use support::*;

gen fn parameters(a: Loud, (b, _): (Loud, Loud), _: Loud, numbers: [u64; 9]) -> String {
    yield format!("{} {}", a.name(), numbers[8]);
    drop(a);
    for number in numbers.into_iter().take(2) {
        let held = loud(&format!("held {number}"));
        yield b.name().to_owned();
        drop(held);
    }
}

fn block(a: Owned<30>, b: Loud, spare: Loud) -> impl Iterator<Item = usize> {
    gen move {
        a.look();
        yield a.name.name().len();
        let (moved, number) = (a, b.name().len());
        yield number;
        drop(b);
        moved.look();
        yield moved.filled.sum() as usize % 1000;
        let _keeps = &spare;
    }
}

/// `?` in a helper; errors end the iteration with a last item.
gen fn numbers(text: &'static str, guard: Loud) -> Result<u32, String> {
    for word in text.split(' ') {
        let owned = loud(word);
        match (|| owned.name().parse::<u32>())() {
            Ok(number) => yield Ok(number),
            Err(error) => {
                yield Err(error.to_string());
                return;
            }
        }
    }
    yield Ok(guard.name().len() as u32);
}

enum Tree {
    Leaf(Loud),
    Node(Vec<Tree>),
}

fn leaves(tree: Tree) -> Box<dyn Iterator<Item = Loud>> {
    Box::new(gen move {
        match tree {
            Tree::Leaf(value) => yield value,
            Tree::Node(trees) => {
                for tree in trees {
                    let _level = loud("level");
                    for value in leaves(tree) {
                        yield value;
                    }
                }
            }
        }
    })
}

fn tree() -> Tree {
    let leaf = |name: &str| Tree::Leaf(loud(name));
    Tree::Node(vec![leaf("a"), Tree::Node(vec![leaf("b"), Tree::Node(vec![])]), leaf("c")])
}

fn in_adaptors() {
    let count = |name: &'static str, most: u32| {
        let value = loud(name);
        gen move {
            for i in 0..most {
                yield (value.name().len() as u32, i);
            }
        }
    };
    drive::iterators("chain", 5, || count("first", 2).chain(count("second", 1)));
    drive::iterators("zip", 4, || count("left", 3).zip(count("right!", 2)));
    drive::iterators("take and filter", 3, || {
        count("taken", 9).filter(|(_, i)| i % 2 == 1).take(2).map(|(n, i)| n + i)
    });
    drive::iterators("flat map", 5, || count("outer", 2).flat_map(move |(_, i)| count("inner", i + 1)));
    drive::iterators("peekable", 4, || {
        let mut inner = Box::new(count("peeked", 3).peekable());
        gen move {
            while let Some((n, i)) = inner.next() {
                let more = inner.peek().is_some();
                yield (n + i, more);
            }
        }
    });
    println!("{:?} {:?}", count("hint", 2).size_hint(), count("last", 3).last());
}

fn panicking() {
    for at in 0..4 {
        drive::iterators(&format!("panics at {at}"), 6, || {
            let (a, b) = (loud("a"), loud("b"));
            gen move {
                for i in 0..3 {
                    let local = loud("local");
                    if i == at {
                        panic!("at {i}, with {}", local.name());
                    }
                    yield i;
                    if i == 1 && at == 3 {
                        let _bomb = Bomb("scope");
                    }
                }
                drop(b);
                yield a.name().len();
            }
        });
    }
    drive::iterators("bomb captured", 3, || {
        let (a, bomb, b) = (loud("a"), Bomb("captured"), loud("b"));
        gen move {
            let _all = (&a, &bomb, &b);
            yield 1;
            yield 2;
        }
    });
}

/// gen blocks may be moved between items: they are not pinned.
fn moved_between() {
    let make = |name: &str| {
        let (value, filled) = (loud(name), Filled::<20>::new(name.len() as u64));
        gen move {
            let mut text = String::from(value.name());
            for i in 0..4 {
                text += "+";
                let held = (loud(&format!("{text}{i}")), filled);
                yield held.1.sum() % 1000;
                println!("    {}", held.0.name());
            }
        }
    };
    let (mut a, mut b) = (make("a"), make("bb"));
    println!("{:?} {:?}", a.next(), b.next());
    std::mem::swap(&mut a, &mut b);
    println!("{:?} {:?}", a.next(), b.next());
    let mut row = vec![a];
    row.extend([b, make("ccc")]);
    row.shrink_to_fit();
    for _ in 0..2 {
        println!("{:?}", row.iter_mut().map(|each| each.next()).collect::<Vec<_>>());
        row.rotate_left(1);
        row.reserve(50);
    }
    let mut sent = row.pop().unwrap();
    let back = thread::spawn(move || {
        let item = sent.next();
        (sent, item)
    });
    let (sent, item) = back.join().unwrap();
    println!("{item:?}");
    row.insert(0, sent);
    let rest: Vec<_> = row.into_iter().map(|each| each.count()).collect();
    println!("{rest:?}");
}

fn main() {
    quiet();
    let pair = || (loud("b"), loud("c"));
    drive::iterators("parameters", 5, || parameters(loud("a"), pair(), loud("unnamed"), [3; 9]));
    let owned = || Owned { filled: Filled::new(3), name: loud("owned") };
    drive::iterators("block", 5, || block(owned(), loud("b"), loud("spare")));
    for text in ["1 2", "1 x 3"] {
        drive::iterators(text, 5, || numbers(text, loud("guard")));
        println!("{:?}", numbers(text, loud("guard")).collect::<Result<Vec<_>, _>>());
    }
    drive::iterators("leaves", 5, || leaves(tree()).map(|value| value.name().to_owned()));
    in_adaptors();
    panicking();
    moved_between();
}
