use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn names_go_round(from in 0_u64..=9_999_999_998, more in 1_u64..1_000_000) {
        let to = (from + more).min(9_999_999_999);
        for name in [TargetName::full(to).unwrap(), TargetName::delta(from, to).unwrap()] {
            prop_assert_eq!(name.to_string().parse(), Ok(name));
            let other = tough::TargetName::new(name.to_string()).unwrap();
            prop_assert_eq!(other.raw(), other.resolved());
        }
    }

    #[test]
    fn what_is_a_name_is_written_as_it_was_read(text in "(full|delta)-[0-9]{9,11}(-[0-9]{10})?\\.ij[kd]") {
        if let Ok(name) = text.parse::<TargetName>() {
            prop_assert_eq!(name.to_string(), text);
        }
    }
}

#[test]
fn there_is_one_spelling_and_no_path() {
    for text in [
        "",
        "full-42.ijk",
        "full-00000000042.ijk",
        "full-000000004２.ijk",
        "full-0000000042.ijd",
        "full-0000000042.ijk ",
        " full-0000000042.ijk",
        "full-+000000042.ijk",
        "full--000000042.ijk",
        "Full-0000000042.ijk",
        "full-0000000042.IJK",
        "full-0000000042.ijk.ijk",
        "full-0000000041-0000000042.ijk",
        "../full-0000000042.ijk",
        "/full-0000000042.ijk",
        "./full-0000000042.ijk",
        "a/full-0000000042.ijk",
        "full-0000000042%2eijk",
        "full-000000004a.ijk",
        "full-٠٠٠٠٠٠٠٠٤٢.ijk",
        "full-0000000042\0.ijk",
        "delta-0000000042.ijd",
        "delta-0000000041-0000000042.ijk",
        "delta-0000000041--000000042.ijd",
        "delta-0000000041-0000000042-0000000043.ijd",
        "delta-0000000041/0000000042.ijd",
        "suspensions",
        "suspensions-0000000042.ijk",
        "..",
    ] {
        assert_eq!(
            text.parse::<TargetName>(),
            Err(TargetNameError::Form),
            "{text:?}"
        );
    }
}

#[test]
fn a_delta_leads_up_and_numbers_have_ten_digits() {
    assert_eq!(TargetName::delta(42, 42), Err(TargetNameError::Order));
    assert_eq!(TargetName::delta(43, 42), Err(TargetNameError::Order));
    assert_eq!(
        "delta-0000000042-0000000041.ijd".parse::<TargetName>(),
        Err(TargetNameError::Order)
    );
    assert!(TargetName::full(9_999_999_999).is_ok());
    assert_eq!(
        TargetName::full(10_000_000_000),
        Err(TargetNameError::Range)
    );
}
