//! The table of problems of imports, in whichever service: of a whole file, then of a row.

crate::codes! {
    IMPORT_UNREADABLE = 400 "import_unreadable"
        ["The file can't be read", "Filen kan inte läsas", "Filen kan ikke læses"]
        ["What stands on line {line} is not the format that was announced. Nothing was imported.", "Det som står på rad {line} är inte det angivna formatet. Inget har importerats.", "Det der står på linje {line} er ikke det angivne format. Intet er importeret."];
    IMPORT_WORKBOOK = 400 "import_workbook"
        ["The file is a workbook", "Filen är en arbetsbok", "Filen er en projektmappe"]
        ["Save the sheet as CSV and hand that in.", "Spara bladet som CSV och lämna in det.", "Gem arket som CSV og indsend det."];
    IMPORT_ENCODING_MIXED = 400 "import_encoding_mixed"
        ["The encoding changes within the file", "Teckenkodningen byts i filen", "Tegnsættet skifter i filen"]
        ["The file is read as {encoding}, and line {line} is not. Save the whole file as UTF-8.", "Filen läses som {encoding}, men det är inte rad {line}. Spara hela filen som UTF-8.", "Filen læses som {encoding}, men det er linje {line} ikke. Gem hele filen som UTF-8."];
    IMPORT_EMPTY = 400 "import_empty"
        ["The file has no rows", "Filen har inga rader", "Filen har ingen rækker"]
        ["There is nothing to import in the file.", "Det finns inget att importera i filen.", "Der er intet at importere i filen."];
    IMPORT_COLUMN_MISSING = 400 "import_column_missing"
        ["A column is missing", "En kolumn saknas", "En kolonne mangler"]
        ["The heading has no column {column}. Known columns: {known}.", "Rubrikraden har ingen kolumn {column}. Kända kolumner: {known}.", "Overskriften har ingen kolonne {column}. Kendte kolonner: {known}."];
    IMPORT_COLUMN_REPEATED = 400 "import_column_repeated"
        ["A column stands there twice", "En kolumn finns två gånger", "En kolonne findes to gange"]
        ["Two columns of the heading are {column}.", "Två kolumner i rubrikraden är {column}.", "To kolonner i overskriften er {column}."];
    IMPORT_TOO_MANY_ROWS = 400 "import_too_many_rows"
        ["Too many rows", "För många rader", "For mange rækker"]
        ["At most {most} rows are imported so at once. Divide the file.", "Högst {most} rader importeras så på en gång. Dela upp filen.", "Højst {most} rækker importeres sådan på en gang. Del filen."];
    IMPORT_RUNNING = 409 "import_running"
        ["Another import is not done yet", "En annan import är inte klar", "En anden import er ikke færdig"]
        ["Wait until the import of the same kind is done.", "Vänta tills importen av samma slag är klar.", "Vent til importen af samme slags er færdig."];
    IMPORT_KEY_MISSING = 400 "import_key_missing"
        ["The key is missing", "Nyckeln saknas", "Nøglen mangler"]
        ["The row has no key, or one of more than 200 characters.", "Raden saknar nyckel, eller så har nyckeln fler än 200 tecken.", "Rækken har ingen nøgle, eller nøglen har mere end 200 tegn."];
    IMPORT_KEY_REPEATED = 409 "import_key_repeated"
        ["The key stands there twice", "Nyckeln finns två gånger", "Nøglen findes to gange"]
        ["Line {line} has the same key.", "Rad {line} har samma nyckel.", "Linje {line} har samme nøgle."];
    IMPORT_VALUE_REPEATED = 409 "import_value_repeated"
        ["Two rows mean the same thing", "Två rader avser samma sak", "To rækker mener det samme"]
        ["Line {line} already says this of another key.", "Rad {line} säger redan detta om en annan nyckel.", "Linje {line} siger allerede dette om en anden nøgle."];
    IMPORT_REFERENCE_UNKNOWN = 409 "import_reference_unknown"
        ["What the row refers to is not known", "Det som raden hänvisar till är okänt", "Det rækken henviser til er ukendt"]
        ["Nothing with the key in {column} is known, in the file or before; or the rows refer to each other in a circle.", "Inget med nyckeln i {column} är känt, i filen eller sedan tidigare; eller så hänvisar raderna till varandra i en cirkel.", "Intet med nøglen i {column} er kendt, i filen eller før; eller rækkerne henviser til hinanden i en cirkel."];
    IMPORT_THING_OTHER = 409 "import_thing_other"
        ["The id is another thing's", "Id:t hör till något annat", "Id'et hører til noget andet"]
        ["The id in the row is not known here, or has another key already.", "Id:t i raden är inte känt här, eller har redan en annan nyckel.", "Id'et i rækken er ikke kendt her, eller har allerede en anden nøgle."];
    IMPORT_ROW_RAGGED = 400 "import_row_ragged"
        ["The row has too many cells", "Raden har för många celler", "Rækken har for mange celler"]
        ["The row has more cells than the heading has columns.", "Raden har fler celler än rubrikraden har kolumner.", "Rækken har flere celler end overskriften har kolonner."];
    IMPORT_ROW_TOO_LONG = 400 "import_row_too_long"
        ["The row is too long", "Raden är för lång", "Rækken er for lang"]
        ["A row has at most {most} bytes and 200 cells.", "En rad har högst {most} byte och 200 celler.", "En række har højst {most} byte og 200 celler."];
    IMPORT_ROW_NUL = 400 "import_row_nul"
        ["The row has a NUL character", "Raden har ett NUL-tecken", "Rækken har et NUL-tegn"]
        ["The character NUL is not allowed.", "Tecknet NUL är inte tillåtet.", "Tegnet NUL er ikke tilladt."];
    IMPORT_ROW_FORGOTTEN = 409 "import_row_forgotten"
        ["The row was forgotten", "Raden har glömts", "Rækken er glemt"]
        ["Somebody whom the row names was erased before it was imported.", "Någon som raden nämner raderades innan den importerades.", "En person som rækken nævner blev slettet før den blev importeret."];
}
