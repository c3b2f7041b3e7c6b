# Sổ chứng thực.
book-papers-card = Căn cước số { $number }
book-papers-card-issued = Căn cước số { $number }, cấp ngày { $day }
book-note-dossier = Hồ sơ { $number }
