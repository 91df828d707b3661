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
fn the_signed_in_user_has_a_name_that_does_not_change() {
    assert_eq!(colleague(1, 0).email, colleague(99, 0).email);
    assert_ne!(colleague(1, 1).email, colleague(1, 2).email);
}
