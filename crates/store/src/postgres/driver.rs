//! Runs the client's futures: connections on a thread of the store's own, and a caller's wait on
//! the caller's thread, whatever thread that is.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::unconstrained;

use crate::StoreError;

/// The store's own runtime.
#[derive(Debug)]
pub(super) struct Driver {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Driver {
    pub(super) fn start() -> Result<Arc<Self>, StoreError> {
        let built = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build();
        let runtime = built.map_err(|error| StoreError::Database {
            doing: "starting a thread for the database",
            source: Box::new(error),
        })?;
        Ok(Arc::new(Self { handle: runtime.handle().clone(), runtime: Some(runtime) }))
    }

    /// Waits for a future on this thread. A runtime's own `block_on` would panic on a thread of
    /// another runtime, and its budget for one task would run out without ever being renewed.
    pub(super) fn wait<F: Future>(&self, future: F) -> F::Output {
        let _entered = self.handle.enter();
        let mut future = pin!(unconstrained(future));
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    }

    /// Runs a task until it ends or the store goes.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.handle.spawn(task));
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Dropping a runtime waits for its threads, which a thread of another runtime may not.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_thread_of_another_runtime_may_wait() {
        let elsewhere = Builder::new_current_thread().enable_all().build().unwrap();
        elsewhere.block_on(async {
            let driver = Driver::start().unwrap();
            // More waits than a task of the other runtime has budget for.
            for _ in 0..1000 {
                // Made inside, so that the clock is that of the store's own runtime.
                driver.wait(async { tokio::time::sleep(Duration::from_micros(1)).await });
            }
        });
    }
}
