package main

import (
	"context"
	"fmt"
	"net/url"
	"os"

	"filippo.io/torchwood"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type logRead struct {
	Origin      string
	Size        uint64
	Root        []byte
	Entries     int   // read and authenticated by torchwood
	Proved      int   // entries whose inclusion tessera proved from tiles
	ContinuesAt int64 // size of the older checkpoint that this one was shown to continue
	Fsck        bool  // tessera re-derived every tile from the entries
}

// readLog: URL VKEY POLICY-FILE [OLDER-CHECKPOINT-FILE]
func readLog(args []string) (any, error) {
	if len(args) < 3 {
		return nil, fmt.Errorf("read URL VKEY POLICY [OLDER]")
	}
	ctx := context.Background()
	done := &logRead{ContinuesAt: -1}
	tree, err := byTorchwood(ctx, args[0], args[2], done)
	if err != nil {
		return nil, fmt.Errorf("torchwood: %w", err)
	}
	if err := byTessera(ctx, args[0], args[1], tree, done); err != nil {
		return nil, fmt.Errorf("tessera: %w", err)
	}
	if len(args) > 3 {
		if err := continues(ctx, args[0], args[3], tree, done); err != nil {
			return nil, fmt.Errorf("consistency: %w", err)
		}
	}
	return done, nil
}

func byTorchwood(ctx context.Context, base, policyFile string, done *logRead) (tlog.Tree, error) {
	var none tlog.Tree
	policy, err := readPolicy(policyFile)
	if err != nil {
		return none, err
	}
	fetcher, err := torchwood.NewTileFetcher(base)
	if err != nil {
		return none, err
	}
	signed, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return none, err
	}
	checkpoint, _, err := torchwood.VerifyCheckpoint(signed, policy)
	if err != nil {
		return none, err
	}
	reader, err := torchwood.NewClient(fetcher)
	if err != nil {
		return none, err
	}
	for range reader.AllEntries(ctx, checkpoint.Tree, 0) {
		done.Entries++
	}
	if err := reader.Err(); err != nil {
		return none, err
	}
	for _, index := range []int64{0, checkpoint.N / 2, checkpoint.N - 1} {
		if _, _, err := reader.Entry(ctx, checkpoint.Tree, index); err != nil {
			return none, err
		}
	}
	return checkpoint.Tree, nil
}

func byTessera(ctx context.Context, base, vkey string, tree tlog.Tree, done *logRead) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	fetcher, err := fetcherOf(base)
	if err != nil {
		return err
	}
	checkpoint, _, _, err := client.FetchCheckpoint(ctx, fetcher.ReadCheckpoint, verifier, verifier.Name())
	if err != nil {
		return err
	}
	if checkpoint.Size != uint64(tree.N) || tlog.Hash(checkpoint.Hash) != tree.Hash {
		return fmt.Errorf("the checkpoint moved while it was read")
	}
	done.Origin, done.Size, done.Root = checkpoint.Origin, checkpoint.Size, checkpoint.Hash
	proofs, err := client.NewProofBuilder(ctx, checkpoint.Size, fetcher.ReadTile)
	if err != nil {
		return err
	}
	leaves, err := client.FetchLeafHashes(ctx, fetcher.ReadTile, 0, checkpoint.Size, checkpoint.Size)
	if err != nil {
		return err
	}
	for index, leaf := range leaves {
		hashes, err := proofs.InclusionProof(ctx, uint64(index))
		if err != nil {
			return err
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), checkpoint.Size, leaf, hashes, checkpoint.Hash); err != nil {
			return err
		}
		done.Proved++
	}
	if err := fsck.New(verifier.Name(), verifier, fetcher, leafHashes, fsck.Opts{N: 2}).Check(ctx); err != nil {
		return fmt.Errorf("fsck: %w", err)
	}
	done.Fsck = true
	return nil
}

// continues shows from tiles that the newest tree begins with an older checkpoint's.
func continues(ctx context.Context, base, olderFile string, tree tlog.Tree, done *logRead) error {
	raw, err := os.ReadFile(olderFile)
	if err != nil {
		return err
	}
	older, err := torchwood.ParseCheckpoint(textOf(raw))
	if err != nil {
		return err
	}
	fetcher, err := torchwood.NewTileFetcher(base)
	if err != nil {
		return err
	}
	hashes, err := tlog.ProveTree(tree.N, older.N, torchwood.TileHashReaderWithContext(ctx, tree, fetcher))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(hashes, tree.N, tree.Hash, older.N, older.Hash); err != nil {
		return err
	}
	done.ContinuesAt = older.N
	return nil
}

func leafHashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, 0, len(entries.Entries))
	for _, entry := range entries.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}

func fetcherOf(base string) (*client.HTTPFetcher, error) {
	parsed, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	return client.NewHTTPFetcher(parsed, nil)
}
