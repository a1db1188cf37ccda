//! Counts what a server has sent on each connection. An answer has begun if the count has grown since the request: neither
//! reqwest nor hyper tells a connection that was closed before an answer from one that was closed inside its first line.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use http::Extensions;
use hyper_util::{
    client::legacy::connect::{CaptureConnection, Connected, Connection},
    rt::TokioIo,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tower::Service;

/// How many bytes of answers a connection has received, TLS removed: the farewell of a TLS connection does not count.
#[derive(Debug, Clone, Default)]
struct Received(Arc<AtomicU64>);

/// A connector whose connections count.
#[derive(Debug, Clone)]
pub(crate) struct Counting<S>(pub(crate) S);

impl<S, Target> Service<Target> for Counting<S>
where
    S: Service<Target>,
    S::Future: Send + 'static,
{
    type Response = TokioIo<Counted<TokioIo<S::Response>>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connection = TokioIo::new(connecting.await?);
            Ok(TokioIo::new(Counted { connection, received: Received::default() }))
        })
    }
}

#[derive(Debug)]
pub(crate) struct Counted<C> {
    connection: C,
    received: Received,
}

impl<C: Connection> Connection for Counted<TokioIo<C>> {
    fn connected(&self) -> Connected {
        self.connection.inner().connected().extra(self.received.clone())
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Counted<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.connection).poll_read(context, buffer);
        let bytes = buffer.filled().len().saturating_sub(before) as u64;
        self.received.0.fetch_add(bytes, Ordering::Relaxed);
        polled
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Counted<C> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(context)
    }
}

/// The connection that carries a request, and its count when it got the request.
#[derive(Debug, Default)]
pub(crate) struct Carrier(Option<(Received, u64)>);

impl Carrier {
    /// Call this after every poll of the request: in the one that hands the request to a connection, nothing of an answer
    /// can have been received yet.
    pub(crate) fn note(&mut self, captured: &CaptureConnection) {
        let connected = captured.connection_metadata();
        let mut extensions = Extensions::new();
        if let Some(connected) = connected.as_ref() {
            connected.get_extras(&mut extensions);
        }
        let Some(received) = extensions.remove::<Received>() else { return };
        // Another one, if the first was found closed before it sent anything.
        if self.0.as_ref().is_none_or(|(noted, _)| !Arc::ptr_eq(&noted.0, &received.0)) {
            let count = received.0.load(Ordering::Relaxed);
            self.0 = Some((received, count));
        }
    }

    /// Whether the connection had served a request before, and has not begun to answer this one.
    pub(crate) fn is_reused_and_silent(&self) -> bool {
        self.0.as_ref().is_some_and(|(received, count)| *count > 0 && received.0.load(Ordering::Relaxed) == *count)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        time::{Duration, Instant},
    };

    use super::*;
    use crate::{Fault, HttpClient, HttpRequest, Limits};

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    const INFORMED: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

    /// A server that answers the first request of a process whole. It closes the kept connection amid its second answer,
    /// which is `cut`, and answers whoever comes again.
    struct Server {
        address: String,
        requests: Arc<AtomicUsize>,
    }

    impl Server {
        async fn start(cut: &'static [u8], resets: bool) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            let requests = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&requests);
            tokio::spawn(async move {
                while let Ok((mut connection, _)) = listener.accept().await {
                    while Self::read(&mut connection).await {
                        let nth = counted.fetch_add(1, Ordering::Relaxed);
                        connection.write_all(if nth == 1 { cut } else { ANSWER }).await.unwrap();
                        if nth == 1 {
                            if resets {
                                connection.set_zero_linger().unwrap();
                            }
                            break;
                        }
                    }
                }
            });
            Self { address, requests }
        }

        /// Whether there was a request. It is far shorter than a packet.
        async fn read(connection: &mut TcpStream) -> bool {
            let mut request = [0; 4096];
            connection.read(&mut request).await.is_ok_and(|bytes| bytes > 0)
        }

        /// The outcome of a second request, and how often the server was asked for it.
        async fn asked_again(&self) -> (Result<u16, Fault>, usize) {
            let client = HttpClient::new("URL", false, None).unwrap();
            let request = HttpRequest::get(&self.address.parse().unwrap(), "/");
            let limits = Limits::by(Instant::now() + Duration::from_secs(20));
            assert_eq!(client.send(&request, limits).await.status(), Some(200));
            let sent = client.send(&request, limits).await;
            (sent.result.map(|response| response.status), self.requests.load(Ordering::Relaxed) - 1)
        }
    }

    #[tokio::test]
    async fn a_reused_connection_that_closes_before_the_first_byte_costs_the_caller_nothing() {
        for resets in [false, true] {
            let server = Server::start(b"", resets).await;
            assert_eq!(server.asked_again().await, (Ok(200), 2), "resets: {resets}");
        }
    }

    #[tokio::test]
    async fn work_is_not_done_twice_because_a_reused_connection_closed_inside_the_answer() {
        for bytes in 1..ANSWER.len() {
            let server = Server::start(&ANSWER[..bytes], false).await;
            assert_eq!(server.asked_again().await, (Err(Fault::Broken), 1), "after {bytes} bytes");
        }
        for bytes in 1..=INFORMED.len() {
            let server = Server::start(&INFORMED[..bytes], false).await;
            assert_eq!(server.asked_again().await, (Err(Fault::Broken), 1), "after {bytes} bytes of a 100");
        }
    }
}
