//! Loops over numbers, slices and vectors; and how deep a function can call itself.

use std::hint::black_box;

const DEPTH: u64 = 10_000;

fn sieve(most: usize) -> u64 {
    let mut is_prime = vec![true; most];
    for number in 2..most {
        if is_prime[number] {
            for multiple in (number * number..most).step_by(number) {
                is_prime[multiple] = false;
            }
        }
    }
    is_prime.iter().skip(2).filter(|it| **it).count() as u64
}

fn product(left: &[Vec<f64>], right: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let column = |at: usize| right.iter().map(move |row| row[at]);
    left.iter()
        .map(|row| {
            (0..right[0].len()).map(|at| row.iter().zip(column(at)).map(|(a, b)| a * b).sum()).collect()
        })
        .collect()
}

fn work() -> u64 {
    let matrix: Vec<Vec<f64>> =
        (0..90).map(|row| (0..90).map(|at| f64::from(row * at % 7)).collect()).collect();
    let mut squared = matrix.clone();
    for _ in 0..10 {
        squared = product(&squared, &matrix);
        squared.iter_mut().flatten().for_each(|value| *value %= 1009.0);
    }
    let trace = (0..90).map(|at| squared[at][at]).sum::<f64>();
    let mut words: Vec<String> =
        (0..80_000_u64).map(|n| format!("{:x}", common::mix(n, 1))).collect();
    words.sort();
    words.dedup();
    let letters = words.iter().flat_map(|word| word.bytes());
    let sum = letters.fold(0, |sum, byte| common::mix(sum, u64::from(byte)));
    common::mix(sieve(2_000_000), sum ^ trace.to_bits())
}

#[derive(Clone, Debug)]
enum Tree {
    Leaf(u64),
    Node { left: Box<Tree>, name: String },
}

/// A function as people write them: a match, some temporaries, a call of itself.
fn descend(depth: u64, tree: &Tree) -> u64 {
    if depth == 0 {
        return 1;
    }
    let label = match tree {
        Tree::Leaf(number) => format!("{number}"),
        Tree::Node { left, name } => match &**left {
            Tree::Leaf(number) => format!("{name}{number}"),
            Tree::Node { name: inner, .. } => format!("{name}{inner}"),
        },
    };
    let pair = (depth, label.len() as u64);
    let below = descend(depth - 1, tree);
    common::mix(below, pair.0 ^ pair.1)
}

fn main() {
    let (sum, stack) = common::on_painted_stack(8, work);
    common::result("compute", sum);
    common::stack(stack);
    let (sum, stack) = common::on_painted_stack(64, || {
        let tree = Tree::Node { left: Box::new(Tree::Leaf(7)), name: "name".to_owned() };
        descend(DEPTH, black_box(&tree))
    });
    common::result("recursion", sum);
    // How many calls 8 MiB are enough for.
    println!("depth {}", (8 << 20) * DEPTH / stack as u64);
}
