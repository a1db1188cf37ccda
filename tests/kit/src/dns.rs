//! Scripts how a process resolves names under `.test`: preloads `dns.c` in front of the system's resolver.

use std::{fs, path::PathBuf};

use uuid::Uuid;

/// Built by `build.rs`.
const LIBRARY: &str = concat!(env!("OUT_DIR"), "/dns.so");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    Localhost,
    /// Localhost, after 0.7 s.
    Slow,
    /// The name does not exist.
    Unknown,
    /// The name server fails.
    ServerFailure,
    /// The name server never answers.
    Silent,
}

#[derive(Debug)]
pub struct ScriptedDns {
    script: PathBuf,
}

impl ScriptedDns {
    pub fn new(resolve: Resolution) -> Self {
        let dns = Self { script: std::env::temp_dir().join(format!("names-{}.txt", Uuid::new_v4())) };
        dns.set(resolve);
        dns
    }

    pub fn set(&self, resolve: Resolution) {
        let word = match resolve {
            Resolution::Localhost => "localhost",
            Resolution::Slow => "slow",
            Resolution::Unknown => "unknown",
            Resolution::ServerFailure => "failure",
            Resolution::Silent => "silent",
        };
        // Atomic: a reader sees the old script or the new one.
        let fresh = self.script.with_extension("new");
        fs::write(&fresh, word).and_then(|()| fs::rename(&fresh, &self.script)).expect("a file for the script");
    }

    /// The environment to start the process with.
    pub fn variables(&self) -> [(&str, &str); 2] {
        [("LD_PRELOAD", LIBRARY), ("SCRIPTED_NAMES", self.script.to_str().expect("a path in UTF-8"))]
    }
}

impl Drop for ScriptedDns {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.script);
    }
}
