use super::*;

/// A key pair and a file that another program made: for two recipients, of whom this is the second.
const SECRET: &str = "AGE-SECRET-KEY-1P3RVLXEPRU2XGK52FJZWPLY7PELPZUD2VAMCUXNDUANXE63AUHVQMJPZ6F";
const PUBLIC: &str = "age1w2k68jkqlf35wjjl5tt8kjq9rrus7yqpwyfzvs84wzf7j26atats2qnc5q";
const MADE_ELSEWHERE: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBNN1hGMm5QN2tmUVVjOG9ScVVvSmc1cURYbEpkRVR6MjhY\
        ZWJkNXVpeFhnCkxreGpGQ0VXUVljOGxDOG5mUjBPNDY2YStHT3F5YTluV3ZCNmxuWFZTVE0KLT4gWDI1NTE5IEJV\
        N1VWQ1k2UTdLdlYyQmVidHJSOHVhK3o1TEs4VXRwM1N0QUovOVZSU0kKazdsZXVQTHMzeFV1S1lROWExWktzd3VO\
        ZDRXSGVxVzNNRnZaeEdvNDFPOAotPiAoel5gLWdyZWFzZSAmaltAcSBQQyFfPXBsCk5rVmFqMGZvRmpJWUhlNjB4\
        WGMKLS0tIHh2VW1BZlY1Y1NjbExIVlhxRGgyNHUwTHpPaCsxSlhtWkJLRFkzU2M5UWsKARZ1Ozm5ycebgDi4heWt\
        S1XjC4TozvsLBPWJpVVeQjYkOfiNsh/JiQcR6dpvGs6bHotLQfcqow==";

fn identity() -> Identity {
    SECRET.parse().unwrap()
}

fn sealed(text: &[u8]) -> Vec<u8> {
    let recipient = identity().recipient().unwrap();
    let mut sealed = Vec::new();
    encrypt(&recipient, &mut &*text, &mut sealed).unwrap();
    sealed
}

fn opened(sealed: &[u8]) -> Result<Vec<u8>, FileError> {
    let mut text = Vec::new();
    decrypt(&identity(), &mut &*sealed, &mut text)?;
    Ok(text)
}

#[test]
fn what_another_program_has_encrypted_opens() {
    assert_eq!(identity().recipient().unwrap().to_string(), PUBLIC);
    assert_eq!(PUBLIC.parse::<Recipient>().unwrap().to_string(), PUBLIC);
    assert_eq!(identity().secret(), SECRET);
    let file = base64::engine::general_purpose::STANDARD.decode(MADE_ELSEWHERE);
    let text = opened(&file.unwrap()).unwrap();
    assert_eq!(text, "Efter regn kommer sol.\n".as_bytes());
}

#[test]
fn files_of_every_length_come_back() {
    for length in [
        0,
        1,
        CHUNK_BYTES - 1,
        CHUNK_BYTES,
        CHUNK_BYTES + 1,
        2 * CHUNK_BYTES,
        200_000,
    ] {
        let text: Vec<u8> = (0..length)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect();
        let sealed = sealed(&text);
        assert!(opened(&sealed).unwrap() == text, "{length}");
        assert!(length < 16 || !sealed.windows(16).any(|window| window == &text[..16]));
    }
}

#[test]
fn a_file_that_was_cut_off_anywhere_does_not_open() {
    let text = vec![7; 2 * CHUNK_BYTES + 5];
    let sealed = sealed(&text);
    let header = sealed.len() - text.len() - 3 * TAG_BYTES;
    let chunk = CHUNK_BYTES + TAG_BYTES;
    for length in [
        0,
        5,
        100,
        header,
        header + chunk,
        header + 2 * chunk,
        sealed.len() - 1,
    ] {
        assert!(opened(&sealed[..length]).is_err(), "{length}");
    }
    // Where whole parts are missing it can be told from other damage.
    let cut = opened(&sealed[..header + chunk]).unwrap_err();
    assert!(matches!(cut, FileError::CutOff), "{cut}");
}

#[test]
fn every_changed_byte_is_noticed_and_so_is_what_stands_behind_the_end() {
    let sealed = sealed(b"Maja");
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(opened(&changed).is_err(), "{place}");
    }
    let longer = [sealed.as_slice(), b"x"].concat();
    assert!(opened(&longer).is_err());
}

#[test]
fn another_key_opens_nothing_and_is_told_so() {
    let other = Identity::generate().unwrap();
    let mut text = Vec::new();
    let refused = decrypt(&other, &mut sealed(b"Maja").as_slice(), &mut text);
    assert!(matches!(refused, Err(FileError::OtherKey)) && text.is_empty());
    let again: Identity = other.secret().parse().unwrap();
    assert_eq!(again.recipient().unwrap(), other.recipient().unwrap());
    assert!(!format!("{other:?}").contains(&other.secret()));
}

#[test]
fn keys_are_read_as_they_are_kept_and_not_taken_for_each_other() {
    let kept = format!("# created: once\n# public key: {PUBLIC}\n{SECRET}\n");
    assert_eq!(kept.parse::<Identity>().unwrap().secret(), SECRET);
    assert!(SECRET.parse::<Recipient>().is_err());
    assert!(PUBLIC.parse::<Identity>().is_err());
    assert!("".parse::<Identity>().is_err());
}
