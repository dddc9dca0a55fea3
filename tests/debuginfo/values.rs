//! Values of every kind of type, as debuggers print them.
//@ edition: 2024
//@ gdb-command: run
//@ gdb-command: info locals
//@ gdb-check: list = Vec(size=3) = {1, 2, 3}
//@ gdb-check: text = "hello"
//@ gdb-command: print shape
//@ gdb-check: $1 = values::Shape::Circle{radius: 1.5}
//@ gdb-command: print rectangle
//@ gdb-check: $2 = values::Shape::Rectangle(3, 4)
//@ gdb-command: print color
//@ gdb-check: $3 = values::Color::Blue
//@ gdb-command: print point.x + point.y
//@ gdb-check: $4 = 7
//@ gdb-command: print *boxed
//@ gdb-check: $5 = 99
//@ gdb-command: print slice.length
//@ gdb-check: $6 = 2
//@ gdb-command: print slice.data_ptr[1]
//@ gdb-check: $7 = 3
//@ gdb-command: print text_slice
//@ gdb-command: ptype point
//@ gdb-command: ptype both
//@ gdb-command: ptype pair
//@ gdb-command: ptype number
//@ gdb-command: whatis map
//@ gdb-command: print object
//@ gdb-command: print wide
//@ gdb-command: print sizeof(point)
//@ gdb-command: print array
//@ gdb-check: [...] = [5, 6, 7, 8]
//@ gdb-command: print array[2]
//@ gdb-command: print nested.inner.1
//@ gdb-command: print function
//@ gdb-command: print character
//@ gdb-command: continue
//@ lldb-command: run
//@ lldb-command: frame variable number negative truth character half tenth wide narrow nothing unit text text_slice
//@ lldb-check: [...] number = 42
//@ lldb-command: frame variable list slice array deque map tree shape rectangle empty color niche other one point nested
//@ lldb-command: frame variable packed aligned both pair boxed boxed_slice shared atomically cell object boxed_object
//@ lldb-command: frame variable maybe some result raw reference mutable
//@ lldb-command: continue

#![allow(dead_code, unused_variables)]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

enum Shape {
    Circle { radius: f64 },
    Rectangle(u32, u32),
    Nothing,
}

#[derive(Clone, Copy)]
enum Color {
    Red = 1,
    Green = 5,
    Blue = -3,
}

enum Niche {
    Full(Box<u32>),
    Empty,
    Other,
}

enum One {
    Only(u8, u16),
}

struct Point<T> {
    x: T,
    y: T,
}

struct Nested {
    inner: (u8, Point<i16>, [bool; 2]),
    text: String,
}

#[repr(packed)]
struct Packed(u8, u32);

#[repr(align(64))]
struct Aligned(u8);

struct Unit;

union Both {
    int: u32,
    float: f32,
}

trait Speak {
    fn speak(&self) -> u32;
}

impl Speak for Point<u32> {
    fn speak(&self) -> u32 {
        self.x
    }
}

fn stop() {}

fn main() {
    let number = 42;
    let negative = -7_i8;
    let truth = true;
    let character = 'é';
    let half = 0.5_f32;
    let tenth = 0.1_f64;
    let wide = 0x1234_5678_9abc_def0_1122_3344_5566_7788_u128;
    let narrow = -1_i128;
    let nothing = ();
    let unit = Unit;
    let text = String::from("hello");
    let text_slice = "a str";
    let list = vec![1, 2, 3];
    let slice = &list[1..];
    let array = [5_u16, 6, 7, 8];
    let deque = VecDeque::from([1, 2]);
    let mut map = HashMap::new();
    map.insert("key", 1_u8);
    let tree = BTreeMap::from([(1, 'a'), (2, 'b')]);
    let shape = Shape::Circle { radius: 1.5 };
    let rectangle = Shape::Rectangle(3, 4);
    let empty = Shape::Nothing;
    let color = Color::Blue;
    let niche = Niche::Full(Box::new(8));
    let other = Niche::Other;
    let one = One::Only(1, 2);
    let point = Point { x: 3_u32, y: 4 };
    let nested = Nested { inner: (1, Point { x: -1, y: 2 }, [true, false]), text: "in".to_owned() };
    let packed = Packed(1, 2);
    let aligned = Aligned(9);
    let both = Both { int: 0x3f80_0000 };
    let pair = (1.5_f32, -7_i64);
    let boxed = Box::new(99_u64);
    let boxed_slice: Box<[u8]> = Box::new([1, 2]);
    let shared = Rc::new(RefCell::new(5_i16));
    let atomically = Arc::new(Mutex::new(6_u8));
    let cell = Cell::new(4_u8);
    let object: &dyn Speak = &point;
    let boxed_object: Box<dyn Speak> = Box::new(Point { x: 5, y: 6 });
    let function: fn() = stop;
    let maybe: Option<&u32> = None;
    let some = Some(7_u8);
    let result: Result<u8, String> = Err("no".to_owned());
    let raw: *const u32 = &raw const point.x;
    let reference = &some;
    let mutable = &mut [1_u8, 2];
    stop(); // #break
    object.speak();
    boxed_object.speak();
}
