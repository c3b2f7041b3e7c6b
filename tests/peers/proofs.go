package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

// A claim is one line of input. For inclusion, First is the leaf's index and Hash the leaf's; for
// consistency, First is the older size and Hash the older root. Second is the tree's size.
type claim struct {
	Kind          string
	First, Second uint64
	Hash, Root    []byte
	Proof         [][]byte
	True          bool
}

type proofsChecked struct {
	Inclusion, Consistency, Refused int
}

func checkProofs([]string) (any, error) {
	var done proofsChecked
	lines := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var one claim
		if err := lines.Decode(&one); errors.Is(err, io.EOF) {
			return done, nil
		} else if err != nil {
			return nil, err
		}
		for name, err := range map[string]error{"tlog": one.byTlog(), "merkle": one.byMerkle()} {
			if (err == nil) != one.True {
				return nil, fmt.Errorf("%s on %s %d of %d, which is %t: %v",
					name, one.Kind, one.First, one.Second, one.True, err)
			}
		}
		switch {
		case !one.True:
			done.Refused++
		case one.Kind == "inclusion":
			done.Inclusion++
		default:
			done.Consistency++
		}
	}
}

func (c claim) byTlog() error {
	hashes := make([]tlog.Hash, len(c.Proof))
	for i, raw := range append(c.Proof, c.Hash, c.Root) {
		if len(raw) != tlog.HashSize {
			return fmt.Errorf("a hash of %d bytes", len(raw))
		}
		if i < len(hashes) {
			hashes[i] = tlog.Hash(raw)
		}
	}
	first, second := int64(c.First), int64(c.Second)
	if c.Kind == "inclusion" {
		return tlog.CheckRecord(hashes, second, tlog.Hash(c.Root), first, tlog.Hash(c.Hash))
	}
	return tlog.CheckTree(hashes, second, tlog.Hash(c.Root), first, tlog.Hash(c.Hash))
}

func (c claim) byMerkle() error {
	hasher := rfc6962.DefaultHasher
	if c.Kind == "inclusion" {
		return proof.VerifyInclusion(hasher, c.First, c.Second, c.Hash, c.Proof, c.Root)
	}
	return proof.VerifyConsistency(hasher, c.First, c.Second, c.Proof, c.Hash, c.Root)
}
