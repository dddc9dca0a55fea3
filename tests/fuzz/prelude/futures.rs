// ---- futures

pub struct Wait(pub u32);
pub fn wait() -> Wait {
    Wait(1)
}
impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        event("wait", self.0 as u64);
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        Poll::Pending
    }
}

/// A future with a destructor, which may be moved between polls.
pub struct Hand<T: Value>(pub T, pub u8);
pub fn hand<T: Value>(value: T, times: u8) -> Hand<T> {
    event("make hand", value.show());
    Hand(value, times)
}
impl<T: Value> Unpin for Hand<T> {}
impl<T: Value> Drop for Hand<T> {
    fn drop(&mut self) {
        event("drop hand", self.0.show())
    }
}
impl<T: Value> Future for Hand<T> {
    type Output = u64;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        let worth = self.0.show();
        event("poll hand", worth);
        self.0.change();
        if self.1 == 0 {
            return Poll::Ready(worth);
        }
        self.1 -= 1;
        Poll::Pending
    }
}

/// Polls another future once.
pub struct Once<'a, F>(pub &'a mut F);
impl<F: Future + Unpin> Future for Once<'_, F> {
    type Output = bool;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        Poll::Ready(Pin::new(&mut *self.0).poll(context).is_ready())
    }
}

pub async fn child<T: Value>(value: T) -> u64 {
    let worth = look(&value);
    wait().await;
    value.show() + worth
}

pub async fn child_of_two<T: Value, U: Value>(first: T, mut second: U) -> u64 {
    let worth = consume(first);
    wait().await;
    second.change();
    second.show() + worth
}

pub async fn child_of_ref<T: Value>(value: &T) -> u64 {
    let worth = value.show();
    wait().await;
    value.show() + worth
}

pub async fn child_of_mut<T: Value>(value: &mut T) -> u64 {
    wait().await;
    change(value)
}

pub async fn giving<T: Value>(value: T) -> T {
    wait().await;
    identity(value)
}

pub fn making<T: Value>(value: &T) -> impl Future<Output = u64> + use<T> {
    child(Plain::<40>::make(value.show() as u8))
}

pub async fn awaiting<F: Future>(future: F) -> F::Output {
    wait().await;
    future.await
}

pub fn dynamic<'a, T>(future: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(future)
}

pub async fn join<F: Future, G: Future>(first: F, second: G) -> (F::Output, G::Output) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut left, mut right) = (None, None);
    poll_fn(|context| {
        if left.is_none()
            && let Poll::Ready(value) = first.as_mut().poll(context)
        {
            left = Some(value);
        }
        if right.is_none()
            && let Poll::Ready(value) = second.as_mut().poll(context)
        {
            right = Some(value);
        }
        if left.is_some() && right.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (left.unwrap(), right.unwrap())
}

pub async fn race<F: Future, G: Future>(first: F, second: G) -> Either<F::Output, G::Output> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| match first.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Either::Left(value)),
        Poll::Pending => second.as_mut().poll(context).map(Either::Right),
    })
    .await
}

/// A movable coroutine as a future. It is moved at each poll.
pub struct Movable<G>(pub Option<Box<G>>);
pub fn movable<R, G: Coroutine<(), Yield = u8, Return = R> + Unpin>(coroutine: G) -> Movable<G> {
    Movable(Some(Box::new(coroutine)))
}
impl<R, G: Coroutine<(), Yield = u8, Return = R> + Unpin> Future for Movable<G> {
    type Output = R;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<R> {
        let before = self.0.take().expect("not after a panic");
        let mut moved = Box::new(*before);
        let state = Pin::new(&mut *moved).resume(());
        self.0 = Some(moved);
        match state {
            CoroutineState::Yielded(_) => Poll::Pending,
            CoroutineState::Complete(value) => Poll::Ready(value),
        }
    }
}

/// An immovable coroutine as a future.
pub struct Immovable<G>(pub G);
impl<R, G: Coroutine<(), Yield = u8, Return = R>> Future for Immovable<G> {
    type Output = R;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<R> {
        // The coroutine is pinned where it is.
        match unsafe { self.map_unchecked_mut(|this| &mut this.0) }.resume(()) {
            CoroutineState::Yielded(_) => Poll::Pending,
            CoroutineState::Complete(value) => Poll::Ready(value),
        }
    }
}

/// The next item of an `async gen` block.
pub async fn next_of<G: AsyncIterator>(items: &mut Pin<&mut G>) -> Option<G::Item> {
    event("next", 0);
    poll_fn(|context| items.as_mut().poll_next(context)).await
}

/// Resumes; says whether that can be done again.
pub fn resumed<G, A>(coroutine: Pin<&mut G>, argument: A) -> bool
where
    G: Coroutine<A, Yield: Value, Return: Value>,
{
    event("resume", 0);
    match coroutine.resume(argument) {
        CoroutineState::Yielded(value) => {
            consume(value);
            true
        }
        CoroutineState::Complete(value) => {
            look(&value);
            false
        }
    }
}

pub async fn call_async_once<T, R>(function: impl AsyncFnOnce(T) -> R, beside: u8, value: T) -> R {
    event("call async once", beside as u64);
    wait().await;
    function(value).await
}

pub async fn call_async_mut<T, R: Value>(mut function: impl AsyncFnMut(T) -> R, first: T, second: T) -> R {
    look(&function(first).await);
    wait().await;
    function(second).await
}

/// A panic ends only this future.
pub async fn catching<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => {
            note("caught", 0);
            Poll::Ready(None)
        }
    })
    .await
}
