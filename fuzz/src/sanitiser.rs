//! Any text as what a generator says of its failure: CONTRACT 5.4.

use sanitise::sanitise;

use crate::answer;

/// The two lengths that are used: the caller's and the log's.
const LIMITS: [usize; 2] = [200, 2_000];
/// What is planted behind the text, on a line of its own, and the part of it that may not leave.
const PLANTED: [(&str, &str); 8] = [
    ("postgres://alice:Tr0ubadour@db.prod.internal:5432/agents", "Tr0ubadour"),
    ("http://generator.prod.internal:8000/api/generate-agent", "generator.prod"),
    ("password=Tr0ubadour", "Tr0ubadour"),
    ("Authorization: Bearer q7Jx2LmZ90aKdW4v", "q7Jx2LmZ90aKdW4v"),
    ("alice.smith@example.com", "alice.smith"),
    ("10.20.30.40:8443", "10.20.30.40"),
    ("/home/alice/agents/main.py", "alice"),
    ("[2001:db8:85a3::8a2e:370:7334]", "8a2e:370"),
];
/// A short text is repeated up to this length: what is not linear shows as an input that takes for ever.
const LONG: usize = 8 * 1024;

/// One line within the limit that stays as it is, and nothing of what was planted is in it.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for limit in LIMITS {
        shown(&text, limit);
    }
    if !text.is_empty() && text.len() <= 16 {
        shown(&text.repeat(LONG / text.len()), LIMITS[0]);
    }
    for (planted, needle) in PLANTED {
        if !text.contains(needle) {
            let shown = shown(&format!("{text}\n{planted}\n"), LIMITS[1]);
            assert!(!shown.contains(needle), "{needle:?} in {shown:?} of {text:?}");
        }
    }
}

fn shown(text: &str, limit: usize) -> String {
    let shown = sanitise(text, limit);
    answer::said(&shown, limit);
    assert_eq!(sanitise(&shown, limit), shown, "of {text:?}");
    shown
}
