//! Methods with every kind of `self`: by value, `mut`, `&`, `&mut`, `Box`, `Rc`, `Arc`, `Pin`, nested ones and user-made
//! ones; in traits, by `impl Trait` and `dyn`; chained, and on temporaries.
//@ edition: 2024
//@ run-pass
#![feature(arbitrary_self_types)]

#[macro_use]
mod support;
use std::ops::{Deref, Receiver};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use support::trace::*;

#[derive(Debug)]

struct Owner {
    value: Traced,
    other: Traced,
    number: u32,
}

fn owner() -> Owner {
    Owner { value: traced("value"), other: traced("other"), number: 3 }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.look();
    }
}

/// With a destructor of its own: nothing can be moved out.
#[derive(Debug)]
struct Held(Traced);

impl Held {
    async fn by_value(self, argument: Traced) -> u32 {
        pause().await;
        drop(argument);
        pause().await;
        self.0.look()
    }

    async fn replaced(mut self) -> Held {
        self.0.rename("renamed");
        pause().await;
        self = Held(traced("second"));
        pause().await;
        self
    }
}

impl Owner {
    async fn by_value(self, argument: Traced) -> Traced {
        pause().await;
        drop(self.other);
        argument.look();
        pause().await;
        self.value
    }

    async fn by_mutable_value(mut self) -> Self {
        self.value = traced("new");
        pause().await;
        self.number += self.other.look();
        self
    }

    async fn by_reference(&self, argument: Traced) -> &Traced {
        pause().await;
        argument.look();
        pause().await;
        &self.value
    }

    async fn by_mutable_reference(&mut self, argument: Traced) -> u32 {
        let old = std::mem::replace(&mut self.value, argument);
        pause().await;
        old.look();
        self.other.rename("o2");
        pause().await;
        self.number += 1;
        self.number
    }

    async fn boxed(self: Box<Self>, argument: Traced) -> Traced {
        pause().await;
        drop(self.value);
        pause().await;
        argument.look();
        self.other
    }

    async fn counted(self: Rc<Self>) -> u32 {
        pause().await;
        let count = Rc::strong_count(&self) as u32;
        match Rc::try_unwrap(self) {
            Ok(own) => {
                pause().await;
                count + own.value.look()
            }
            Err(shared) => count + shared.other.look(),
        }
    }

    async fn shared(self: Arc<Self>, argument: Traced) -> (usize, Traced) {
        let also = self.clone();
        pause().await;
        drop(self);
        pause().await;
        also.value.look();
        (Arc::strong_count(&also), argument)
    }

    async fn pinned(self: Pin<&mut Self>, argument: Traced) -> u32 {
        let this = self.get_mut();
        pause().await;
        this.value = argument;
        pause().await;
        this.value.look()
    }

    async fn pinned_box(self: Pin<Box<Self>>) -> u32 {
        pause().await;
        let this = Pin::into_inner(self);
        let Owner { value, .. } = *this;
        pause().await;
        value.look()
    }

    async fn reference_to_box(self: &mut Box<Self>, argument: Traced) -> u32 {
        pause().await;
        **self = Owner { value: argument, ..owner() };
        pause().await;
        self.value.look()
    }

    async fn own_pointer(self: Own<Self>) -> u32 {
        pause().await;
        let number = self.value.look();
        pause().await;
        number + self.other.look()
    }
}

/// A pointer of the program's own.
struct Own<T>(Box<T>, Traced);

impl<T> Deref for Own<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.1.look();
        &self.0
    }
}

// `Deref` makes it one; here is what the compiler asks for.
const _: fn() = || {
    fn is_receiver<T: Receiver>() {}
    is_receiver::<Own<Owner>>();
};

trait Acts {
    async fn by_value(self, argument: Traced) -> u32
    where
        Self: Sized;
    async fn by_default(self, argument: Traced) -> u32
    where
        Self: Sized,
    {
        pause().await;
        let number = argument.look();
        number + self.by_value(traced("inner")).await
    }
    fn returned(&mut self, argument: Traced) -> impl Future<Output = u32> + use<'_, Self>;
    fn boxed<'a>(self: Box<Self>, argument: &'a Traced) -> Pin<Box<dyn Future<Output = u32> + 'a>>;
}

impl Acts for Owner {
    async fn by_value(self, argument: Traced) -> u32 {
        eat(argument);
        pause().await;
        self.value.look()
    }

    fn returned(&mut self, argument: Traced) -> impl Future<Output = u32> + use<'_> {
        async move {
            pause().await;
            self.value = argument;
            pause().await;
            self.number
        }
    }

    fn boxed<'a>(self: Box<Self>, argument: &'a Traced) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
        Box::pin(async move {
            pause().await;
            drop(self.value);
            pause().await;
            argument.look() + self.other.look()
        })
    }
}

trait Dyn {
    fn act(self: Box<Self>, argument: Traced) -> Pin<Box<dyn Future<Output = u32>>>;
}

impl<T: Acts + 'static> Dyn for T {
    fn act(self: Box<Self>, argument: Traced) -> Pin<Box<dyn Future<Output = u32>>> {
        Box::pin((*self).by_default(argument))
    }
}

async fn on_references() -> u32 {
    let mut own = owner();
    let mut sum = own.by_reference(traced("a")).await.look();
    sum += own.by_mutable_reference(traced("b")).await;
    sum += pin!(&mut own).as_mut().get_mut().returned(traced("c")).await;
    sum += Pin::new(&mut own).pinned(traced("d")).await;
    let mut boxed = Box::new(own);
    sum += boxed.reference_to_box(traced("e")).await;
    sum + Acts::boxed(boxed, &traced("f")).await
}

async fn chained() -> u32 {
    let last = owner().by_mutable_value().await.by_value(traced("a")).await;
    let held = Held(last).replaced().await.replaced().await.by_value(traced("b")).await;
    held + owner().by_reference(traced("c")).await.look()
}

async fn counted(keep: bool) -> u32 {
    let counted = Rc::new(owner());
    let kept = keep.then(|| counted.clone());
    let sum = counted.counted().await;
    pause().await;
    sum + kept.map_or(0, |kept| kept.number)
}

fn main() {
    support::quiet();
    let object = || -> Box<dyn Dyn> { Box::new(owner()) };
    everywhere! {
        Held(traced("held")).by_value(traced("argument")),
        Held(traced("held")).replaced(),
        owner().by_value(traced("argument")),
        owner().by_mutable_value(),
        on_references(),
        chained(),
        Box::new(owner()).boxed(traced("argument")),
        counted(true),
        counted(false),
        Arc::new(owner()).shared(traced("argument")),
        Box::pin(owner()).pinned_box(),
        Own(Box::new(owner()), traced("pointer")).own_pointer(),
        owner().by_default(traced("argument")),
        object().act(traced("argument")),
    }
}
