//! A child process: its output is captured, and it does not outlive its test.

use std::{
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::{Notify, watch},
    task::{JoinHandle, JoinSet},
};

/// The limit for what takes milliseconds on an idle machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    lines: Arc<Mutex<Vec<String>>>,
    end: Arc<Notify>,
    exited: watch::Receiver<Option<ExitStatus>>,
    watching: JoinHandle<()>,
}

impl Process {
    /// Captures stdout and stderr.
    ///
    /// # Panics
    /// If the command cannot be started.
    pub fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.as_std().get_program()));
        let pid = child.id().expect("a process that was just started has an id");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let mut readers = JoinSet::new();
        readers.spawn(read(child.stdout.take().expect("a captured output"), Arc::clone(&lines)));
        readers.spawn(read(child.stderr.take().expect("a captured output"), Arc::clone(&lines)));
        let end = Arc::new(Notify::new());
        let (exit, exited) = watch::channel(None);
        let watching = tokio::spawn(watch_child(child, readers, Arc::clone(&end), exit));
        Self { pid, lines, end, exited, watching }
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The lines written so far to stdout and stderr.
    pub fn logs(&self) -> Vec<String> {
        self.lines.lock().expect("an unpoisoned lock").clone()
    }

    /// Stops the process until [`Self::thaw`], as Lambda does between two invocations.
    ///
    /// # Panics
    /// If it has ended.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// # Panics
    /// If it has ended.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        // The shell's built-in `kill`: not every machine has the program.
        let script = format!("kill -s {name} {}", self.pid);
        let sent = std::process::Command::new("sh").args(["-c", &script]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{script} failed");
    }

    /// # Panics
    /// If the process has ended or the system is not Linux.
    pub fn peak_memory_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("the process runs on Linux");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("VmHWM");
        let kilobytes = line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok());
        kilobytes.expect("a number of kilobytes") * 1024
    }

    pub fn is_alive(&self) -> bool {
        self.exited.borrow().is_none()
    }

    /// Waits for the end; the log is complete by then.
    pub async fn exit(&self) -> ExitStatus {
        let mut exited = self.exited.clone();
        let status = *exited.wait_for(Option::is_some).await.expect("the watching task sends the exit status");
        status.expect("just waited for")
    }

    /// Returns every line that it wrote.
    pub async fn kill(&self) -> Vec<String> {
        self.end.notify_one();
        self.exit().await;
        self.logs()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

async fn watch_child(
    mut child: Child,
    mut readers: JoinSet<()>,
    end: Arc<Notify>,
    exit: watch::Sender<Option<ExitStatus>>,
) {
    tokio::select! {
        _ = child.wait() => {}
        () = end.notified() => { let _ = child.start_kill(); }
    }
    let status = child.wait().await.expect("a child can be waited for");
    // A grandchild may keep the outputs open: do not wait for it.
    let _ = tokio::time::timeout(PATIENCE, async { while readers.join_next().await.is_some() {} }).await;
    let _ = exit.send(Some(status));
}

async fn read(output: impl AsyncRead + Unpin, lines: Arc<Mutex<Vec<String>>>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).await.is_ok_and(|length| length > 0) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        lines.lock().expect("an unpoisoned lock").push(text);
        line.clear();
    }
}
