from kgqa.cli import main

raise SystemExit(main())
