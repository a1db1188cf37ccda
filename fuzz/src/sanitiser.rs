//! Any text as a generator's error: CONTRACT 5.4.

use sanitise::sanitise;

use crate::answer;

/// The limits for answers and for the log.
const LIMITS: [usize; 2] = [200, 2_000];
/// Secrets appended to the text, each with the part that must be masked.
const PLANTED: [(&str, &str); 10] = [
    ("postgres://alice:Tr0ubadour@db.prod.internal:5432/agents", "Tr0ubadour"),
    ("http://generator.prod.internal:8000/api/generate-agent", "generator.prod"),
    ("password=Tr0ubadour", "Tr0ubadour"),
    ("Authorization: Bearer q7Jx2LmZ90aKdW4v", "q7Jx2LmZ90aKdW4v"),
    ("alice.smith@example.com", "alice.smith"),
    ("10.20.30.40:8443", "10.20.30.40"),
    ("/home/alice/agents/main.py", "alice"),
    ("[2001:db8:85a3::8a2e:370:7334]", "8a2e:370"),
    ("vpc-0a1b2c3d4e5f60718", "0a1b2c3d"),
    ("4111 1111 1111 1111", "4111 1111"),
];
/// Texts are repeated up to this length, so that anything slower than linear becomes visible.
const LONG: usize = 8 * 1024;

/// The result is one line within the limit, without the secrets, and sanitising it again changes nothing.
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
