//! Which functions of a program run in every invocation, as a list for the linker: `functions/order.ld`.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
};

use futures_util::{StreamExt, stream};
use kit::binaries;
use load::{report::Report, stage::Role};

use crate::{
    callgrind::{Profile, is_here},
    guard::AT_ONCE,
    subject::{Places, Program, USUAL},
};

/// Enough for a first invocation, and for those that come over a connection that is there.
const INVOCATIONS: usize = 3;
/// Whoever speaks to a generator elsewhere runs nothing of what comes after it: that comes first, and pieces stay whole.
const ROLES: [Role; 6] = [Role::Remote, Role::Builtin, Role::Worker, Role::Operations, Role::Deliver, Role::Authorizer];
const HEADING: &str = "\
/* What an invocation runs, side by side: functions/link.rs says why. Made by `make order` of what valgrind saw; `*` stands for
   what a compiler or a dependency changes in a name. A name that is not there any more does no harm, nor does one that is
   missing, but that its function lies elsewhere. */
SECTIONS
{
  .text.hot :
  {
";
const END: &str = "  }\n}\nINSERT BEFORE .text;\n";

/// Runs every function as it is usually asked, and writes the list. The programs need their names: unstripped.
pub(crate) async fn run(places: &Places) -> Report {
    let mut report = Report::new("Order", "The functions of each program that an invocation runs, for the linker.");
    if !is_here() {
        report.complaints.push("valgrind is needed (Debian, Ubuntu: apt install valgrind)".to_owned());
        return report;
    }
    let (mut list, mut known, mut rows) = (HEADING.to_owned(), HashSet::new(), Vec::new());
    for role in ROLES {
        let subjects = USUAL.into_iter().filter(|one| one.program == Program::Ours && one.role == role);
        let profiles = stream::iter(subjects).map(|one| Profile::of(one, places, INVOCATIONS)).buffered(AT_ONCE);
        let profiles: Vec<Profile> = profiles.collect().await;
        let patterns: BTreeSet<String> = profiles.iter().flat_map(Profile::functions).filter_map(pattern).collect();
        let new: Vec<String> = patterns.into_iter().filter(|pattern| known.insert(pattern.clone())).collect();
        list.push_str(&format!("    /* {} */\n", role.name()));
        list.extend(new.iter().map(|pattern| format!("    *(.text.*{pattern})\n")));
        rows.push(vec![role.name().to_owned(), new.len().to_string()]);
    }
    list.push_str(END);
    report.table(1, &["role", "functions that no role before it runs"], &rows);
    if known.is_empty() {
        report.complaints.push("the programs have no names: are they stripped?".to_owned());
    } else {
        fs::write(binaries::workspace().join("functions/order.ld"), list).expect("the tree can be written");
    }
    report
}

/// What the linker is to look for: a mangled name without what changes with every build. None for names that are not
/// mangled: those of C, too short to be told apart.
fn pattern(name: &str) -> Option<String> {
    // Copies that link-time optimisation made end with a number of their own.
    let name = name.split(".llvm.").next()?;
    if name.starts_with("_ZN") {
        // Ends with `17h`, a hash of 16 digits, and `E`.
        return Some(format!("{}*", name.split_at_checked(name.rfind("17h")? + 3)?.0));
    }
    let mut rest = name.strip_prefix("_R")?;
    let mut pattern = "_R".to_owned();
    // A crate is `Cs`, its number in base 62, and `_`.
    while let Some((before, after)) = rest.split_once("Cs") {
        pattern.push_str(before);
        pattern.push_str("Cs");
        let number = after.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(after.len());
        rest = &after[number..];
        pattern.push('*');
    }
    Some(format!("{pattern}{rest}*"))
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn the_next_compiler_finds_the_same_functions() {
        let found = |name: &str| pattern(name).expect("a mangled name");
        assert_eq!(found("_ZN4http6header3map3get17h0123456789abcdefE"), "_ZN4http6header3map3get17h*");
        assert_eq!(found("_ZN4http6header3map3get17h0123456789abcdefE.llvm.12"), "_ZN4http6header3map3get17h*");
        assert_eq!(
            found("_RNvNtCsjrHSEGnQ3l9_3std6thread7currentCsgEmfK2I1SDS_4core"),
            "_RNvNtCs*_3std6thread7currentCs*_4core*"
        );
    }

    #[test]
    fn a_short_name_of_c_does_not_bring_every_function_that_contains_it() {
        assert_eq!(pattern("main"), None);
        assert_eq!(pattern("(below main)"), None);
    }
}
