//! HTTP/1.1 by hand: a server that fails at an exact byte cannot leave the bytes to a library.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A complete request or answer.
#[derive(Debug, Clone)]
pub struct Message {
    /// Without the line end.
    pub start_line: String,
    /// Names and values as they were sent.
    pub headers: Vec<(String, String)>,
    /// Without chunk framing.
    pub body: Vec<u8>,
}

impl Message {
    /// The first value of a header; the case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_chunked(&self) -> bool {
        self.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    }

    /// A word of the first line: 0 and 1 are a request's method and path, 1 is an answer's status.
    pub fn word(&self, index: usize) -> &str {
        self.start_line.split(' ').nth(index).unwrap_or_default()
    }
}

/// A piece of a chunked body.
#[derive(Debug, Clone)]
pub enum Chunk {
    Data(Vec<u8>),
    /// The last one, with the trailers.
    End(Vec<(String, String)>),
}

/// A TCP connection and the bytes read past the last message.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Self {
        // A fault has to arrive when it is played, not when the kernel fills a packet.
        let _ = stream.set_nodelay(true);
        Self { stream, buffer: Vec::new() }
    }

    /// The next message; `None` if the peer closed between two messages.
    pub async fn receive(&mut self) -> io::Result<Option<Message>> {
        let Some(mut message) = self.receive_head().await? else { return Ok(None) };
        message.body = self.receive_body(&message).await?;
        Ok(Some(message))
    }

    /// The next message without its body, which [`Self::receive_body`] or [`Self::chunk`] has to read.
    pub async fn receive_head(&mut self) -> io::Result<Option<Message>> {
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break self.take(end + 4);
            }
            if !self.read_more().await? {
                return if self.buffer.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        };
        let head = String::from_utf8_lossy(&head);
        let mut lines = head.trim_end().split("\r\n");
        let start_line = lines.next().unwrap_or_default().to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        Ok(Some(Message { start_line, headers, body: Vec::new() }))
    }

    pub async fn receive_body(&mut self, head: &Message) -> io::Result<Vec<u8>> {
        if head.is_chunked() {
            return self.chunks().await;
        }
        let length = head.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        self.exactly(length).await
    }

    /// The next piece of a chunked body.
    pub async fn chunk(&mut self) -> io::Result<Chunk> {
        let line = self.line().await?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| io::ErrorKind::InvalidData)?;
        if size > 0 {
            let data = self.exactly(size).await?;
            self.line().await?;
            return Ok(Chunk::Data(data));
        }
        let mut trailers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { return Ok(Chunk::End(trailers)) };
            trailers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }

    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Reads and discards until the peer closes.
    pub async fn until_closed(&mut self) {
        loop {
            self.buffer.clear();
            if !matches!(self.read_more().await, Ok(true)) {
                return;
            }
        }
    }

    /// Closes with a TCP reset.
    pub fn reset(self) {
        let _ = self.stream.set_zero_linger();
    }

    async fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Chunk::Data(data) = self.chunk().await? {
            body.extend(data);
        }
        Ok(body)
    }

    async fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n") {
                let line = self.take(end + 2);
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            self.need_more().await?;
        }
    }

    async fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.need_more().await?;
        }
        Ok(self.take(length))
    }

    async fn need_more(&mut self) -> io::Result<()> {
        if self.read_more().await? { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    async fn read_more(&mut self) -> io::Result<bool> {
        Ok(self.stream.read_buf(&mut self.buffer).await? > 0)
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(length);
        std::mem::replace(&mut self.buffer, rest)
    }
}

/// Adds `Content-Length`.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = head(status, headers);
    bytes.truncate(bytes.len() - 2);
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend(body);
    bytes
}

/// Status line and headers, without `Content-Length`.
pub fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Status\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
