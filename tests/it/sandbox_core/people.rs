//! People and companies made from the seed.

use std::collections::HashSet;

use zoho_mcp::sandbox::people::{colleague, companies, company, person};

#[test]
fn a_row_is_the_same_every_time_and_another_for_another_seed() {
    assert_eq!(person(1, 4711), person(1, 4711));
    assert_eq!(company(1, 3), company(1, 3));
    let differ = (0..100)
        .filter(|index| person(1, *index) != person(2, *index))
        .count();
    assert!(differ > 95);
}

#[test]
fn addresses_are_unique_ascii_and_never_real() {
    let mut seen = HashSet::new();
    for index in 0..20_000 {
        let person = person(1, index);
        let (name, domain) = person.email.split_once('@').unwrap();
        assert!(
            person.email.is_ascii() && !name.contains(' ') && domain.ends_with(".example"),
            "{}",
            person.email
        );
        assert!(person.company < companies());
        assert_eq!(domain, company(1, person.company).domain);
        assert!(seen.insert(person.email));
    }
}

#[test]
fn names_come_in_many_scripts() {
    let names: String = (0..2_000).map(|index| person(1, index).last_name).collect();
    for sample in ['ü', 'ł', 'к', 'α', 'خ', 'ד', '橋', '박', 'श', 'ศ', 'ተ'] {
        assert!(names.contains(sample), "{sample}");
    }
    let companies: HashSet<String> = (0..companies()).map(|index| company(1, index).name).collect();
    assert_eq!(companies.len(), 40);
}

#[test]
fn colleagues_differ_and_no_name_mixes_alphabets() {
    assert_ne!(colleague(1, 1).email, colleague(1, 2).email);
    // Latin, Greek, Cyrillic, Hebrew, Arabic, scripts of India each by itself, Thai, Ethiopic, Korean, Chinese and Japanese.
    let script = |letter: char| match letter as u32 {
        0..0x370 | 0x1e00..0x1f00 => 0,
        0x370..0x400 => 1,
        0x400..0x530 => 2,
        0x590..0x600 => 3,
        0x600..0x700 => 4,
        block @ 0x900..0xe00 => block / 0x80,
        0xe00..0xe80 => 5,
        0x1200..0x1380 => 6,
        0xac00..0xd7b0 => 7,
        _ => 8,
    };
    for index in 0..5_000 {
        let person = person(1, index);
        let name = person.first_name + &person.last_name;
        let letters = name.chars().filter(|letter| letter.is_alphabetic());
        let scripts: HashSet<u32> = letters.map(script).collect();
        assert_eq!(scripts.len(), 1, "{name}");
    }
}
