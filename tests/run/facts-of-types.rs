//! What programs can ask about the types of futures, apart from how big they are: names, ids, whether they need
//! to be dropped, alignment, `Send` and its like, what they are when they are empty; and that sizes agree
//! with each other and with what values say.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, coroutines, coroutine_trait, stmt_expr_attributes, negative_impls)]
#![feature(auto_traits)]

mod support;
use std::any::{Any, TypeId, type_name, type_name_of_val};
use std::marker::PhantomPinned;
use std::mem::{align_of, align_of_val, needs_drop, size_of, size_of_val};
use std::panic::UnwindSafe;
use std::rc::Rc;
use support::tasks::*;
use support::*;

/// Tells whether a type has a trait, without needing it: the method of the type comes first.
macro_rules! has {
    ($value:expr, $name:ident: $($bound:tt)+) => {{
        #[allow(dead_code)]
        struct Probe<'a, T>(&'a T);
        #[allow(dead_code)]
        trait Fallback {
            fn has(&self) -> bool {
                false
            }
        }
        impl<T> Fallback for &Probe<'_, T> {}
        #[allow(dead_code)]
        impl<T: $($bound)+> Probe<'_, T> {
            fn has(&self) -> bool {
                true
            }
        }
        (&Probe($value)).has()
    }};
}

auto trait Plain {}
impl !Plain for Loud {}

struct Zero;

#[repr(align(128))]
#[derive(Clone, Copy)]
struct Aligned(u8);

/// Futures of functions: those of blocks would have to be known before the function around them is.
macro_rules! traits {
    ($($value:expr;)*) => {$({
        let value = $value;
        println!(
            "  {}: Send {} Sync {} Unpin {} UnwindSafe {} Plain {}",
            stringify!($value), has!(&value, Send: Send), has!(&value, Sync: Sync),
            has!(&value, Unpin: Unpin), has!(&value, UnwindSafe: UnwindSafe),
            has!(&value, Plain: Plain),
        );
    })*};
}

macro_rules! report {
    ($($name:literal: $value:expr;)*) => {$({
        let value = $value;
        println!("{}", $name);
        println!("  {}", type_name_of_val(&value));
        println!("  needs drop: {}", of(&value, |_| ()));
        println!("  align {}", align_of_val(&value));
        drop(value);
    })*};
}

/// Checks what must agree, whatever the size is.
fn of<T>(value: &T, _: fn(&T)) -> bool {
    assert_eq!(size_of_val(value), size_of::<T>());
    assert_eq!(align_of_val(value), align_of::<T>());
    assert_eq!(size_of::<T>() % align_of::<T>(), 0);
    assert_eq!(value as *const T as usize % align_of::<T>(), 0);
    assert_eq!(size_of::<[T; 3]>(), 3 * size_of::<T>());
    assert_eq!(size_of::<(T,)>(), size_of::<T>());
    // No future has a niche.
    assert!(size_of::<Option<T>>() > size_of::<T>());
    needs_drop::<T>()
}

async fn nothing() {}

async fn parameters(_a: u8, b: [u16; 5], _: Zero) -> u16 {
    wait().await;
    b[2]
}

async fn with_rc(text: Rc<str>) -> usize {
    let length = text.len();
    drop(text);
    wait().await;
    length
}

async fn rc_across(text: Rc<str>) -> usize {
    wait().await;
    text.len()
}

async fn generic<T: 'static>(value: T) -> TypeId {
    wait().await;
    drop(value);
    TypeId::of::<T>()
}

async fn aligned(value: Aligned) -> u8 {
    let copy = value;
    wait().await;
    copy.0
}

async fn cell_across(cell: std::cell::Cell<u8>) -> u8 {
    let reference = &cell;
    wait().await;
    reference.get()
}

async fn reference_across(text: &Rc<str>) -> usize {
    wait().await;
    text.len()
}

gen fn numbers(most: u8) -> u8 {
    for number in 0..most {
        yield number;
    }
}

fn names() {
    struct Local;
    impl Local {
        async fn method(&self) -> String {
            let inner = async { wait().await };
            let closure = async |_: u8| {};
            let names = [type_name_of_val(&inner), type_name_of_val(&closure), type_name::<Self>()].join(" ");
            inner.await;
            closure(1).await;
            names
        }
    }
    println!("{}", block_on(Local.method()));
    let ids = |a: &dyn Any, b: &dyn Any| a.type_id() == b.type_id();
    println!("{}", ids(&nothing(), &nothing()));
    println!("{}", ids(&generic(1u8), &generic(2u8)));
    println!("{}", ids(&generic(1u8), &generic(2u16)));
    println!("{}", ids(&async {}, &async {}));
    let erased: Box<dyn Any> = Box::new(parameters(1, [2; 5], Zero));
    println!("{} {}", erased.is::<u8>(), block_on(generic("x")) == TypeId::of::<&str>());
    drop(erased);
}

fn main() {
    let text: Rc<str> = "text".into();
    let value = 5u8;
    report! {
        "nothing": nothing();
        "parameters": parameters(1, [2; 5], Zero);
        "Rc": with_rc(text.clone());
        "Rc across": rc_across(text.clone());
        "generic": generic(loud("value"));
        "generic of nothing": generic(());
        "aligned": aligned(Aligned(1));
        "task": generic(task("task", 0));
        "by reference": async { value + 1 };
        "by move": async move { value + 1 };
        "with a loud capture": { let captured = loud("captured"); async move { captured.name().len() } };
        "pinned inside": { let pinned = PhantomPinned; async move { let _pinned = &pinned; wait().await } };
        "Cell inside": async { let cell = std::cell::Cell::new(1); wait().await; cell.get() };
        "nested": async { nothing().await; with_rc("x".into()).await };
        "never": async { let never: Option<std::convert::Infallible> = None; wait().await; never.is_none() };
        "call of a closure": { let closure = async |number: u8| number + value; closure(1) };
        "gen": gen { yield value; };
        "gen with a capture": { let captured = loud("captured"); gen move { yield captured.name().len(); } };
        "movable": #[coroutine] || { yield value; };
        "movable, moved in": { let text = text.clone(); #[coroutine] move || { yield text.len(); } };
        "static": #[coroutine] static || { yield value; };
    }
    traits! {
        nothing();
        parameters(1, [2; 5], Zero);
        with_rc(text.clone());
        rc_across(text.clone());
        generic(5u8);
        generic(loud("value"));
        generic(text.clone());
        generic(nothing());
        aligned(Aligned(1));
        cell_across(std::cell::Cell::new(1));
        reference_across(&text);
        numbers(3);
    }
    names();
    drop(loud("end"));
}
