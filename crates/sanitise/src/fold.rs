//! Single characters: which are invisible, and which ASCII character one stands for.

/// Alphabets and digits in ASCII's order: the first, the last, and the ASCII character of the first.
#[rustfmt::skip]
const RANGES: [(char, char, char); 8] = [
    ('！', '～', '!'), ('Ⓐ', 'Ⓩ', 'A'), ('ⓐ', 'ⓩ', 'a'), ('٠', '٩', '0'), ('۰', '۹', '0'), ('०', '९', '0'), ('⁴', '⁹', '4'),
    ('₀', '₉', '0'),
];

/// Signs of other scripts and letters that are drawn as Latin ones, each before its ASCII character.
const SIGNS: &str = "。.｡.․.﹒.·.۔.﹕:꞉:∶:⁄/∕/∖\\﹫@﹦=‐-‑-‒-–-−-﹣-‘'’'‚'‹'›'“\"”\"„\"«\"»\"「\"」\"『\"』\"؛;،,、,⁰0¹1²2³3аaеeоoрp\
     сcуyхxкkіiјjѕsԁdһhАAВBЕEКKМMНHОOРPСCТTХXУYІIЈJЅSαaοoρpιiκkνnυuΑAΒBΕEΗHΙIΚKΜMΝNΟOΡPΤTΧXΥYΖZ";

/// Characters that a reader does not see and that can split a token or turn a line around.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Joiners that spelling needs in Persian, in Indic scripts and in emoji.
pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Marks that sit on the character before them.
pub(crate) const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Chinese, Japanese and Korean characters, which follow a Latin word without a space between.
pub(crate) const fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The ASCII character that `c` stands for or can be taken for; any other character is itself.
pub(crate) fn fold(c: char) -> char {
    let ascii = |first: char, n: u32| char::from_u32(u32::from(first) + n).unwrap_or(c);
    match c {
        '\0'..='\x7f' => c,
        // Mathematical alphabets, 26 capitals and 26 small letters each, and digits.
        '\u{1d400}'..='\u{1d6a3}' => match (u32::from(c) - 0x1d400) % 52 {
            n @ 0..26 => ascii('A', n),
            n => ascii('a', n - 26),
        },
        '\u{1d7ce}'..='\u{1d7ff}' => ascii('0', (u32::from(c) - 0x1d7ce) % 10),
        '\u{2800}' => ' ',
        '⇒' | '⇨' | '⟶' | '⟹' | '➔' | '➜' | '↦' => '→',
        _ if c.is_whitespace() => ' ',
        _ => RANGES
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&c))
            .map(|(first, _, folded)| ascii(*folded, u32::from(c) - u32::from(*first)))
            .or_else(|| SIGNS.get(SIGNS.find(c)? + c.len_utf8()..)?.chars().next())
            .unwrap_or(c),
    }
}
