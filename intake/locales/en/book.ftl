# The certification book.
book-papers-card = ID card no. { $number }
book-papers-card-issued = ID card no. { $number }, issued { $day }
book-note-dossier = Dossier { $number }
