//! Instructions, counted by valgrind: the same number in every run, however busy the machine is.

use std::{
    collections::HashSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use load::report::{Report, decimal};

use crate::{
    sample::asked,
    sizes,
    subject::{Places, Program, Subject},
};

/// Invocations of a short and a long run: what lies between them is warm.
const SHORT: usize = 10;
const LONG: usize = 50;
/// Linux maps a program in pieces of so many bytes, around each page that is used (`fault_around_bytes`).
const PIECE: u64 = 65_536;
/// What valgrind takes for a program's is its section `.text`; of `.text.hot` it knows the names and not whose they are.
const HOT: &str = "???";

/// What one process executes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Executed {
    /// Instructions from its start to its end, without an invocation.
    pub(crate) start: u64,
    /// Instructions in each warm invocation.
    pub(crate) invocation: u64,
    /// Bytes of the program's code that are mapped for a start and some invocations.
    pub(crate) mapped: u64,
}

/// What valgrind wrote of one process, from its start to its end.
#[derive(Debug)]
pub(crate) struct Profile {
    program: PathBuf,
    text: String,
}

/// Whether there is a valgrind on this machine.
pub(crate) fn is_here() -> bool {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Adds a table of what each subject executes, where there is a valgrind.
pub(crate) async fn tell(subjects: &[Subject], places: &Places, report: &mut Report) {
    if !is_here() {
        return;
    }
    report.section(
        "Instructions",
        "As valgrind counts them, in millions: the same in every run. And how much of its code a program has in memory then, in \
         pieces of 64 KB.",
    );
    let mut rows = Vec::new();
    for subject in subjects {
        let executed = Executed::by(*subject, places).await;
        let [start, invocation] = [executed.start, executed.invocation].map(|count| decimal(count as f64 / 1e6, 2));
        // The peer's is Python's.
        let is_program = subject.program != Program::Peer;
        let mapped = is_program.then(|| decimal(sizes::megabytes(executed.mapped), 2));
        rows.push(vec![subject.name(), start, invocation, mapped.unwrap_or_else(|| "-".to_owned())]);
    }
    report.table(1, &["", "start and end", "a warm invocation", "code, MB"], &rows);
}

impl Executed {
    /// Counts what a subject executes.
    pub(crate) async fn by(subject: Subject, places: &Places) -> Self {
        let start = Profile::of(subject, places, 0).await.instructions();
        let (short, long) = (Profile::of(subject, places, SHORT).await, Profile::of(subject, places, LONG).await);
        let invocation = (long.instructions() - short.instructions()) / (LONG - SHORT) as u64;
        Self { start, invocation, mapped: short.mapped() }
    }
}

impl Profile {
    /// Runs a subject from its start to its end, with so many invocations.
    pub(crate) async fn of(subject: Subject, places: &Places, invocations: usize) -> Self {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let told = env::temp_dir().join(format!("cost-{}-{run}.callgrind", std::process::id()));
        let out = format!("--callgrind-out-file={}", told.display());
        // Each line by itself: with whole names, mangled, and whole addresses.
        let plain = ["--demangle=no", "--compress-strings=no", "--dump-instr=yes", "--compress-pos=no"];
        let words = ["valgrind", "--tool=callgrind", "--log-file=/dev/null", &out];
        let under: Vec<String> = words.into_iter().chain(plain).map(str::to_owned).collect();
        let mut stage = subject.start(places, &under).await;
        for _ in 0..invocations {
            asked(&mut stage).await;
        }
        stage.function.end().await;
        let text = fs::read_to_string(&told).expect("valgrind writes what it counted");
        // Of no use to anybody who comes later.
        let _ = fs::remove_file(&told);
        Self { program: places.of(subject.program, subject.binary), text }
    }

    /// The names of the program's own functions that were executed, in some order, some of them again and again.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        self.own().filter_map(|(_, line)| line.strip_prefix("fn="))
    }

    fn instructions(&self) -> u64 {
        let count = self.text.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
        count.unwrap_or_else(|| panic!("valgrind counted nothing of {}", self.program.display()))
    }

    fn mapped(&self) -> u64 {
        let address = |line: &str| u64::from_str_radix(line.strip_prefix("0x")?.split(' ').next()?, 16).ok();
        let pieces = self.own().filter_map(|(is_hot, line)| Some((is_hot, address(line)? / PIECE)));
        pieces.collect::<HashSet<_>>().len() as u64 * PIECE
    }

    /// The lines on the program's own functions, and not on those of the libraries that it loads, with whether they are of
    /// `.text.hot`.
    fn own(&self) -> impl Iterator<Item = (bool, &str)> {
        let mut object = "";
        self.text.lines().filter_map(move |line| {
            object = line.strip_prefix("ob=").unwrap_or(object);
            let is_hot = object == HOT;
            (is_hot || Path::new(object) == self.program).then_some((is_hot, line))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PIECE, Profile};

    const TEXT: &str = "\
positions: instr line
events: Ir
ob=/lib/libc.so.6
fn=malloc
0x90000 0 5
ob=/program
fn=main
0x10008 0 1
0x1000c 0 1
cob=/lib/libc.so.6
cfn=malloc
calls=1 0x90000 0
0x20000 0 5
ob=???
fn=_ZN3its4part17h0123456789abcdefE
0x10010 0 2
totals: 14
";

    #[test]
    fn what_the_libraries_execute_is_not_the_programs_own() {
        let profile = Profile { program: "/program".into(), text: TEXT.to_owned() };
        assert_eq!(profile.functions().collect::<Vec<_>>(), ["main", "_ZN3its4part17h0123456789abcdefE"]);
        assert_eq!((profile.instructions(), profile.mapped()), (14, 3 * PIECE));
    }
}
