"""The officer's desk: the dossier beside its images, corrected, then signed or refused."""
