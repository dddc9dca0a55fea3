#![feature(async_iterator, coroutine_clone, coroutine_trait, coroutines, gen_blocks, stmt_expr_attributes)]
#![feature(yield_expr)]
#![allow(unused, path_statements, unreachable_code, dropping_copy_types, clippy::all)]

use std::async_iter::AsyncIterator;
use std::cell::{Cell, RefCell};
use std::future::{Future, IntoFuture, poll_fn};
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
