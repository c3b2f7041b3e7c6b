package main

import (
	"bytes"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// checkFile: POLICY-FILE PROOF-FILE. The entry is the proof's extra line, as in our files.
func checkFile(args []string) (any, error) {
	if len(args) != 2 {
		return nil, fmt.Errorf("file POLICY PROOF")
	}
	policy, err := readPolicy(args[0])
	if err != nil {
		return nil, err
	}
	proof, err := os.ReadFile(args[1])
	if err != nil {
		return nil, err
	}
	entry, err := torchwood.ProofExtraData(proof)
	if err != nil {
		return nil, err
	}
	if err := torchwood.VerifyProof(policy, tlog.RecordHash(entry), proof); err != nil {
		return nil, err
	}
	return map[string]string{"Entry": string(entry)}, nil
}

func readPolicy(path string) (torchwood.Policy, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return torchwood.ParsePolicy(text)
}

// textOf is what a note's signatures are over.
func textOf(signed []byte) string {
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	return string(text) + "\n"
}
