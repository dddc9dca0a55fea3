//! Captured arrays and slices: elements by a variable index, by constant ones and by patterns; read, written,
//! borrowed across awaits, moved out one by one; arrays of arrays and of structs, rests, slices from both ends.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

struct Item {
    value: Traced,
    numbers: [u32; 3],
}

fn item(name: &'static str) -> Item {
    Item { value: traced(name), numbers: [1, 2, 3] }
}

fn three() -> [Traced; 3] {
    [traced("0"), traced("1"), traced("2")]
}

async fn by_a_variable(mut table: [[u32; 4]; 3], mut row: usize, column: usize) -> u32 {
    pause().await;
    let first = table[row][column];
    table[row][column] += 10;
    pause().await;
    row = (row + 1) % 3;
    let element = &mut table[row][column];
    pause().await;
    *element *= 2;
    let line = table[row];
    pause().await;
    table[column % 3][row] = line[column] + first;
    let mut sum = 0;
    for i in 0..3 {
        for j in 0..table[i].len() {
            sum = sum * 3 + table[i][j];
        }
        pause().await;
    }
    sum
}

/// The index changes while an element is borrowed by it, and is a capture, a part, or a local.
async fn changing_indices((mut at, array): (usize, [u32; 5]), by: [usize; 2]) -> u32 {
    let element = &array[at];
    at += by[at % 2];
    pause().await;
    let sum = element + array[at];
    at = by[1];
    pause().await;
    sum + array[at] + array[by[0]] + array[array[at] as usize % 5]
}

async fn structs(mut items: [Item; 3], i: usize, j: usize) -> u32 {
    items[i].value.look();
    pause().await;
    items[i].value = traced("new");
    items[j].numbers[i] += 5;
    pause().await;
    let borrowed = &items[i].value;
    let number = &items[j].numbers[j];
    pause().await;
    let sum = borrowed.look() + number;
    let [first, .., last] = items;
    drop(first.value);
    pause().await;
    sum + last.numbers[i]
}

fn captured_by_closures(mut items: [Item; 2], at: usize) -> impl Future<Output = u32> {
    async move {
        let read = || items[at].numbers[at] + items[1 - at].value.look();
        let mut sum = read();
        pause().await;
        let mut write = |by: u32| {
            items[at].numbers[0] += by;
            items[at].value.rename("w");
        };
        write(3);
        pause().await;
        write(4);
        let block = async {
            items[at].numbers[2] += items[at].numbers[0];
            pause().await;
            items[at].value.look()
        };
        sum += block.await;
        sum + items[at].numbers[2]
    }
}

async fn constant_elements(array: [Traced; 3], keep: bool) {
    let [first, _, _] = array;
    pause().await;
    if keep {
        first.look();
        pause().await;
        return;
    }
    let [_, second, third] = array;
    pause().await;
    drop((third, first));
    second.look();
}

async fn from_the_end(array: [Traced; 4], which: u8) {
    match which {
        0 => {
            let [.., last] = array;
            pause().await;
            last.look();
        }
        1 => {
            let [_, middle @ .., _] = array;
            pause().await;
            let [a, b] = middle;
            drop(b);
            pause().await;
            a.look();
        }
        2 => {
            let [rest @ .., a, _] = array;
            pause().await;
            drop(a);
            rest[1].look();
        }
        _ => {
            let [a, rest @ ..] = array;
            drop(a);
            pause().await;
            for value in rest {
                pause().await;
                value.look();
            }
        }
    }
    pause().await;
}

fn captured_rest(array: [Traced; 4], condition: bool) -> impl Future<Output = ()> {
    async move {
        if condition {
            let [_, ref middle @ .., _] = array;
            pause().await;
            middle[1].look();
            let [a, .., b] = array;
            pause().await;
            eat((b, a));
        }
        pause().await;
    }
}

async fn nested_arrays([[a, _], [.., b]]: [[Traced; 2]; 2], [whole @ [x, ..], other]: [[u8; 3]; 2]) -> u8 {
    a.look();
    pause().await;
    drop(b);
    pause().await;
    x + whole[2] + other[1]
}

async fn slices(list: Vec<Traced>, numbers: &mut [u32], text: &str) -> u32 {
    let index = numbers.len() - 1;
    if let [first, middle @ .., last] = &list[..] {
        pause().await;
        say!("{} {} {}", first.look(), middle.len(), last.look());
    }
    let (left, right) = numbers.split_at_mut(index);
    pause().await;
    left[0] += right[0];
    pause().await;
    if let [first, .., last] = numbers {
        std::mem::swap(first, last);
        pause().await;
        *first += 1;
    }
    let boxed: Box<[Traced]> = list.into_boxed_slice();
    pause().await;
    boxed[index % 2].look() + numbers[0] + text.as_bytes()[index] as u32
}

/// Out of bounds: the panic drops everything.
async fn out_of_bounds(array: [Traced; 3], mut numbers: [u8; 4], at: usize) -> u32 {
    pause().await;
    numbers[at] += 1;
    array[at].look() + numbers[at] as u32
}

async fn taken_by_a_loop(mut array: [Option<Traced>; 3], order: [usize; 3]) {
    for i in order {
        let taken = array[i].take();
        pause().await;
        if let Some(taken) = taken {
            taken.look();
            if i == 1 {
                array[2 - order[0]] = Some(taken);
            }
        }
    }
}

async fn swapped(mut array: [Traced; 3], i: usize, j: usize) -> [Traced; 3] {
    array.swap(i, j);
    pause().await;
    array[i] = traced("new");
    pause().await;
    let [a, b, c] = array;
    array = [c, a, b];
    pause().await;
    array
}

async fn slices_of_a_local() -> u32 {
    let mut numbers = [4, 5, 6];
    let list = vec![traced("x"), traced("y")];
    slices(list, &mut numbers, "text").await + numbers[0]
}

fn main() {
    support::quiet();
    everywhere! {
        by_a_variable([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], 2, 1),
        changing_indices((1, [3, 1, 4, 1, 5]), [2, 3]),
        structs([item("0"), item("1"), item("2")], 1, 2),
        captured_by_closures([item("0"), item("1")], 1),
        constant_elements(three(), true),
        constant_elements(three(), false),
        out_of_bounds(three(), [1; 4], 1),
        out_of_bounds(three(), [1; 4], 3),
        out_of_bounds(three(), [1; 4], 4),
        taken_by_a_loop([Some(traced("0")), Some(traced("1")), None], [0, 1, 2]),
        swapped(three(), 0, 2),
        nested_arrays([[traced("a"), traced("b")], [traced("c"), traced("d")]], [[1, 2, 3], [4, 5, 6]]),
        slices_of_a_local(),
        captured_rest([traced("a"), traced("b"), traced("c"), traced("d")], true),
        captured_rest([traced("a"), traced("b"), traced("c"), traced("d")], false),
    }
    for which in 0..4 {
        everywhere!(from_the_end([traced("a"), traced("b"), traced("c"), traced("d")], which));
    }
}
